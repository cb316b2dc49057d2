using MediaPlatform.Api;

await using var app = ApiHost.Build(args, settings: null);
await app.RunAsync();
