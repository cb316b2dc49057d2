using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Worker;
using MediaPlatform.Worker.Commands;

return args is [DecoderProcess.Argument]
    ? DecoderProcess.Run(Console.OpenStandardInput(), Console.OpenStandardOutput())
    : await Operator.CommandLine(WorkerHost.Run).Parse(args).InvokeAsync();
