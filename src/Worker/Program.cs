using System.CommandLine;
using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Worker;
using MediaPlatform.Worker.Commands;

// The host answers SIGTERM, in its own time; without this the command line would end the process two seconds after it.
var command = new InvocationConfiguration { ProcessTerminationTimeout = null };

return args is [DecoderProcess.Argument]
    ? DecoderProcess.Run(Console.OpenStandardInput(), Console.OpenStandardOutput())
    : await Operator.CommandLine(WorkerHost.Run).Parse(args).InvokeAsync(command);
