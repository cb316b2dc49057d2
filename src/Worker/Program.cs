using MediaPlatform.Infrastructure.Imaging;

if (args is [DecoderProcess.Argument]) return DecoderProcess.Run(Console.OpenStandardInput(), Console.OpenStandardOutput());

return 0;
