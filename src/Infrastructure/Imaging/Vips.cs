using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>libvips refused an operation. Its own words may name paths: they are not for callers.</summary>
/// <param name="message">Its error buffer; sometimes empty, when a library under it only warned.</param>
/// <param name="warnings">What it logged meanwhile.</param>
internal sealed class VipsException(string message, string warnings) : Exception(message)
{
    /// <summary>Error and warnings.</summary>
    public string Everything => $"{Message}\n{warnings}".Trim();
}

/// <summary>
/// The part of libvips 8.14 that rendering needs, through its non-variadic GObject interface: an operation is made by
/// name, its arguments are set as properties, it is built, its outputs are read as properties.
/// </summary>
internal static partial class Vips
{
    private const string VipsLibrary = "libvips.so.42";
    private const string GObjectLibrary = "libgobject-2.0.so.0";
    private const string GLibLibrary = "libglib-2.0.so.0";
    private const int WarningOrWorse = 1 << 2 | 1 << 3 | 1 << 4;
    private const int MostWarnings = 4096;
    private const nuint StringType = 16 << 2;
    private const nuint DoubleType = 15 << 2;

    private static readonly StringBuilder Warnings = new();
    private static readonly Lazy<string> Started = new(StartOnce); // vips_init is for one thread

    /// <summary>Starts libvips for this process, where it has not been: one thread, no cache of operations, and no loader but those of <see cref="PictureFormat.All"/>.</summary>
    /// <returns>The version of libvips.</returns>
    /// <exception cref="DllNotFoundException">A library is missing; the message names it.</exception>
    public static string Start() => Started.Value;

    private static unsafe string StartOnce()
    {
        foreach (var library in (string[])[GLibLibrary, GObjectLibrary, VipsLibrary])
            if (!NativeLibrary.TryLoad(library, Assembly.GetExecutingAssembly(), null, out _))
                throw new DllNotFoundException($"{library} cannot be loaded. Pictures are decoded by libvips 8.14 or newer: install it (Debian: libvips42).");

        if (vips_init("mediaplatform-decoder") != 0) throw Failure();
        g_log_set_handler("VIPS", WarningOrWorse, &KeepWarning, 0);
        vips_concurrency_set(1); // the pool is the parallelism: N children with a thread each beat N with two (bench/Imaging)
        vips_cache_set_max(0); // a cached operation would keep its file open and its pixels in memory

        vips_block_untrusted_set(1);
        vips_operation_block_set("VipsForeignLoad", 1);
        foreach (var format in PictureFormat.All)
        {
            if (vips_type_find("VipsOperation", format.Loader) == 0) throw new DllNotFoundException($"libvips cannot read {format.Name} here: its {format.Loader} is missing (Debian's libvips42 has it).");
            vips_operation_block_set(format.LoaderClass, 0);
        }

        return $"{vips_version(0)}.{vips_version(1)}.{vips_version(2)}";
    }

    /// <summary>Runs an operation whose output is a picture.</summary>
    /// <param name="operation">Its nickname, such as <c>jpegload</c>.</param>
    /// <param name="options">Constant arguments as <c>name=value,name=value</c>, never text from outside; may be empty.</param>
    /// <param name="inputs">Pictures, texts and bytes, by argument name.</param>
    /// <exception cref="VipsException">It failed.</exception>
    public static VipsImage Image(string operation, string options, params (string Name, object Value)[] inputs) =>
        Run(operation, options, inputs, static built =>
        {
            var value = default(GValue);
            g_value_init(ref value, vips_image_get_type());
            g_object_get_property(built, "out", ref value);
            var image = new VipsImage(g_value_dup_object(ref value));
            g_value_unset(ref value);
            return image;
        });

    /// <summary>Runs an operation whose output is a number.</summary>
    public static double Number(string operation, string options, params (string Name, object Value)[] inputs) =>
        Run(operation, options, inputs, static built =>
        {
            var value = default(GValue);
            g_value_init(ref value, DoubleType);
            g_object_get_property(built, "out", ref value);
            return g_value_get_double(ref value);
        });

    /// <summary>Runs an operation that writes a file.</summary>
    public static void Save(string operation, string options, params (string Name, object Value)[] inputs) =>
        Run(operation, options, inputs, static _ => true);

    private static T Run<T>(string operation, string options, (string Name, object Value)[] inputs, Func<nint, T> read)
    {
        var built = vips_operation_new(operation);
        if (built == 0) throw Failure();
        try
        {
            foreach (var (name, input) in inputs) Set(built, name, input);
            if (options.Length > 0 && vips_object_set_from_string(built, options) != 0) throw Failure();
            if (vips_cache_operation_buildp(ref built) != 0) throw Failure();
            return read(built);
        }
        finally
        {
            vips_object_unref_outputs(built);
            g_object_unref(built);
        }
    }

    private static void Set(nint operation, string name, object input)
    {
        var value = default(GValue);
        if (input is VipsImage image)
        {
            g_value_init(ref value, vips_image_get_type());
            g_value_set_object(ref value, image.DangerousGetHandle());
        }
        else if (input is byte[] bytes)
        {
            var blob = vips_blob_copy(bytes, (nuint)bytes.Length);
            g_value_init(ref value, vips_blob_get_type());
            g_value_set_boxed(ref value, blob);
            vips_area_unref(blob); // the value holds its own reference
        }
        else
        {
            g_value_init(ref value, StringType);
            g_value_set_string(ref value, (string)input);
        }
        g_object_set_property(operation, name, ref value);
        g_value_unset(ref value);
        GC.KeepAlive(input);
    }

    /// <summary>What went wrong since the last call of this.</summary>
    internal static VipsException Failure()
    {
        var text = Marshal.PtrToStringUTF8(vips_error_buffer()) ?? "";
        vips_error_clear();
        lock (Warnings)
        {
            var warnings = Warnings.ToString();
            Warnings.Clear();
            return new VipsException(text.Trim(), warnings);
        }
    }

    /// <summary>Forgets errors and warnings, so that those of one file are not taken for the next one's.</summary>
    public static void Forget() => Failure();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void KeepWarning(nint domain, int level, nint text, nint data)
    {
        lock (Warnings)
            if (Warnings.Length < MostWarnings) Warnings.AppendLine(Marshal.PtrToStringUTF8(text));
    }

    /// <summary>The names of all that an image carries beside its pixels.</summary>
    internal static unsafe List<string> FieldsOf(VipsImage image)
    {
        var names = new List<string>();
        var fields = vips_image_get_fields(image);
        for (var field = (nint*)fields; *field != 0; field++) names.Add(Marshal.PtrToStringUTF8(*field)!);
        g_strfreev(fields);
        return names;
    }

    /// <summary>GLib's GValue: a type and two eight-byte slots.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct GValue
    {
        public nuint Type;
        public long First;
        public long Second;
    }

    [LibraryImport(VipsLibrary, StringMarshalling = StringMarshalling.Utf8)] private static partial int vips_init(string name);
    [LibraryImport(VipsLibrary)] private static partial int vips_version(int part);
    [LibraryImport(VipsLibrary)] private static partial void vips_concurrency_set(int threads);
    [LibraryImport(VipsLibrary)] private static partial void vips_cache_set_max(int operations);
    [LibraryImport(VipsLibrary)] private static partial void vips_block_untrusted_set(int state);
    [LibraryImport(VipsLibrary, StringMarshalling = StringMarshalling.Utf8)] private static partial void vips_operation_block_set(string name, int state);
    [LibraryImport(VipsLibrary, StringMarshalling = StringMarshalling.Utf8)] private static partial nuint vips_type_find(string ancestor, string nickname);
    [LibraryImport(VipsLibrary)] private static partial nint vips_blob_copy(ReadOnlySpan<byte> bytes, nuint size);
    [LibraryImport(VipsLibrary)] private static partial nuint vips_blob_get_type();
    [LibraryImport(VipsLibrary)] private static partial void vips_area_unref(nint blob);
    [LibraryImport(VipsLibrary)] private static partial nint vips_error_buffer();
    [LibraryImport(VipsLibrary)] private static partial void vips_error_clear();
    [LibraryImport(VipsLibrary, StringMarshalling = StringMarshalling.Utf8)] private static partial nint vips_operation_new(string name);
    [LibraryImport(VipsLibrary, StringMarshalling = StringMarshalling.Utf8)] private static partial int vips_object_set_from_string(nint operation, string options);
    [LibraryImport(VipsLibrary)] private static partial int vips_cache_operation_buildp(ref nint operation);
    [LibraryImport(VipsLibrary)] private static partial void vips_object_unref_outputs(nint operation);
    [LibraryImport(VipsLibrary)] private static partial nuint vips_image_get_type();
    [LibraryImport(VipsLibrary)] internal static partial int vips_image_get_width(VipsImage image);
    [LibraryImport(VipsLibrary)] internal static partial int vips_image_get_height(VipsImage image);
    [LibraryImport(VipsLibrary)] internal static partial int vips_image_get_bands(VipsImage image);
    [LibraryImport(VipsLibrary)] internal static partial int vips_image_hasalpha(VipsImage image);
    [LibraryImport(VipsLibrary)] internal static partial int vips_image_get_orientation(VipsImage image);
    [LibraryImport(VipsLibrary)] internal static partial int vips_image_get_n_pages(VipsImage image);
    [LibraryImport(VipsLibrary)] internal static partial int vips_image_get_interpretation(VipsImage image);
    [LibraryImport(VipsLibrary)] internal static partial int vips_image_get_format(VipsImage image);
    [LibraryImport(VipsLibrary, StringMarshalling = StringMarshalling.Utf8)] internal static partial nuint vips_image_get_typeof(VipsImage image, string field);
    [LibraryImport(VipsLibrary)] private static partial nint vips_image_get_fields(VipsImage image);
    [LibraryImport(VipsLibrary)] internal static partial nint vips_image_get_data(VipsImage image);
    [LibraryImport(VipsLibrary)] internal static partial nint vips_image_copy_memory(VipsImage image);
    [LibraryImport(VipsLibrary, StringMarshalling = StringMarshalling.Utf8)] internal static partial int vips_image_remove(VipsImage image, string field);
    [LibraryImport(VipsLibrary)] internal static partial nint vips_image_write_to_memory(VipsImage image, out nuint size);
    [LibraryImport(VipsLibrary)] internal static partial nint vips_image_new_from_memory_copy(ReadOnlySpan<byte> pixels, nuint size, int width, int height, int bands, int format);
    [LibraryImport(GObjectLibrary, StringMarshalling = StringMarshalling.Utf8)] private static partial void g_object_set_property(nint target, string name, ref GValue value);
    [LibraryImport(GObjectLibrary, StringMarshalling = StringMarshalling.Utf8)] private static partial void g_object_get_property(nint target, string name, ref GValue value);
    [LibraryImport(GObjectLibrary)] internal static partial void g_object_unref(nint target);
    [LibraryImport(GObjectLibrary)] private static partial nint g_value_init(ref GValue value, nuint type);
    [LibraryImport(GObjectLibrary)] private static partial void g_value_unset(ref GValue value);
    [LibraryImport(GObjectLibrary)] private static partial void g_value_set_object(ref GValue value, nint target);
    [LibraryImport(GObjectLibrary)] private static partial void g_value_set_boxed(ref GValue value, nint boxed);
    [LibraryImport(GObjectLibrary)] private static partial nint g_value_dup_object(ref GValue value);
    [LibraryImport(GObjectLibrary)] private static partial double g_value_get_double(ref GValue value);
    [LibraryImport(GObjectLibrary, StringMarshalling = StringMarshalling.Utf8)] private static partial void g_value_set_string(ref GValue value, string text);
    [LibraryImport(GLibLibrary, StringMarshalling = StringMarshalling.Utf8)] private static unsafe partial uint g_log_set_handler(string domain, int levels, delegate* unmanaged[Cdecl]<nint, int, nint, nint, void> handler, nint data);
    [LibraryImport(GLibLibrary)] internal static partial void g_free(nint memory);
    [LibraryImport(GLibLibrary)] private static partial void g_strfreev(nint strings);
}
