using MediaPlatform.Api.Http;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Exports;

namespace MediaPlatform.Api.Exports;

/// <summary>Sends a list as a file while it is read: a page at a time, and none after the caller went away.</summary>
internal sealed class ExportResult(string name, IExportedList list, ListRequest request, ExportFormat format, IReadOnlyList<string> fields) : IResult, IStatusCodeHttpResult
{
    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (services, response, gone) = (httpContext.RequestServices, httpContext.Response, httpContext.RequestAborted);
        var today = services.GetRequiredService<TimeProvider>().GetUtcNow();
        response.ContentType = format is ExportFormat.Csv ? "text/csv; charset=utf-8; header=present" : Wire.ContentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}-{today:yyyy-MM-dd}.{Names.Of(format)}\"";
        response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;

        var role = services.GetRequiredService<CallContext>().Caller.Role;
        using var writer = new ExportWriter(response.BodyWriter, format, list.Columns, fields);
        var begun = false;
        await foreach (var page in list.Read(request, role, gone))
        {
            if (!begun) writer.Begin(); // not before the first page is there: until then the answer may still become a problem
            begun = true;
            foreach (var row in page) writer.Write(row);
            await response.BodyWriter.FlushAsync(gone);
        }

        writer.End();
        await response.BodyWriter.FlushAsync(gone);
    }
}
