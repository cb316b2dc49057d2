using System.Text.Json;
using System.Text.Json.Nodes;

namespace MediaPlatform.Domain.Episodes;

/// <summary>
/// What is worn, as a document: <c>main_outfit</c> with its garments, <c>accessories</c>, <c>shoes</c> and <c>purse</c>. A garment is an object
/// of texts, numbers and booleans; an accessory is a text, such an object, or a list of both. A piece with an <c>item_id</c> is an item of the
/// catalogue, and a document with an <c>outfit_id</c> an outfit of it, as it was when it was put on.
/// </summary>
public static class WardrobeDocument
{
    public const string OutfitId = "outfit_id";
    public const string ItemId = "item_id";

    /// <summary>The most characters of a document.</summary>
    public const int MaxLength = 256 << 10;

    private const int MaxPieces = 50;
    private const int MaxText = 20_000;

    private static readonly string[] Garments = ["top", "bottom", "dress", "outerwear"];
    private static readonly string[] OfMainOutfit = ["outfit_type", "pattern", "notes", "overall_image", "asset_id"];
    private static readonly string[] Jewelry = ["necklace", "earrings", "bracelets", "rings", "other"];
    private static readonly string[] Accessories = ["belt", "scarf", "hair_accessories", "other"];

    /// <summary>Every reason why this is no such document: a field below the document (empty for itself), and a sentence.</summary>
    public static IEnumerable<(string Field, string Message)> Check(JsonElement document)
    {
        if (document.ValueKind is not JsonValueKind.Object) return [("", "A wardrobe is a JSON object.")];
        if (document.GetRawText().Length > MaxLength) return [("", $"A wardrobe has at most {MaxLength:N0} characters.")];

        return Below(document, "", (name, value) => name switch
        {
            OutfitId => Id(name, value),
            "main_outfit" => Object(name, value, (part, piece) => Garments.Contains(Last(part)) ? Piece(part, piece) : OfMainOutfit.Contains(Last(part)) ? Scalar(part, piece) : Unknown(part)),
            "accessories" => Object(name, value, (part, piece) =>
                part == "accessories.jewelry" ? Object(part, piece, (jewel, given) => Jewelry.Contains(Last(jewel)) ? Accessory(jewel, given) : Unknown(jewel))
                : Accessories.Contains(Last(part)) ? Accessory(part, piece) : Unknown(part)),
            "shoes" or "purse" => Piece(name, value),
            "notes" => Scalar(name, value),
            _ => Unknown(name),
        });
    }

    /// <summary>The outfit that it names; null for none.</summary>
    public static Guid? OutfitOf(JsonElement document) => document.ValueKind is JsonValueKind.Object && document.TryGetProperty(OutfitId, out var id) && id.ValueKind is JsonValueKind.String && id.TryGetGuid(out var outfit) ? outfit : null;

    /// <summary>The document without the outfit that it names.</summary>
    public static JsonElement Worn(JsonElement document)
    {
        var worn = JsonObject.Create(document)!;
        worn.Remove(OutfitId);
        return JsonSerializer.SerializeToElement(worn);
    }

    /// <summary>Whether nothing is said but the outfit, or nothing at all.</summary>
    public static bool IsBare(JsonElement document) => document.ValueKind is not JsonValueKind.Object || document.EnumerateObject().All(part => part.NameEquals(OutfitId));

    /// <summary>Whether nothing is said at all.</summary>
    public static bool IsEmpty(JsonElement document) => document.ValueKind is not JsonValueKind.Object || document.EnumerateObject().All(part => part.Value.ValueKind is JsonValueKind.Null);

    /// <summary>Where items of the catalogue stand in it, in its order: the path of each, and its id.</summary>
    public static IEnumerable<(string Field, Guid Id)> Items(JsonElement document) => document.ValueKind switch
    {
        JsonValueKind.Object => document.EnumerateObject().SelectMany(member => member.NameEquals(ItemId) && member.Value.ValueKind is JsonValueKind.String && member.Value.TryGetGuid(out var id)
            ? [(ItemId, id)]
            : Items(member.Value).Select(found => ($"{member.Name}{(found.Field[0] == '[' ? "" : ".")}{found.Field}", found.Id))),
        JsonValueKind.Array => document.EnumerateArray().SelectMany((piece, index) => Items(piece).Select(found => ($"[{index}].{found.Field}", found.Id))),
        _ => [],
    };

    /// <summary>The document with each piece that is nothing but an item's id filled in from that item.</summary>
    public static JsonElement Filled(JsonElement document, IReadOnlyDictionary<Guid, JsonElement> items)
    {
        var root = JsonNode.Parse(document.GetRawText())!;
        Fill(root);
        return JsonSerializer.SerializeToElement(root);

        void Fill(JsonNode? node)
        {
            if (node is JsonArray list)
            {
                foreach (var piece in list) Fill(piece);
            }
            else if (node is JsonObject piece && piece.Count == 1 && piece[ItemId] is JsonValue given && Guid.TryParse(given.ToString(), out var id) && items.TryGetValue(id, out var item))
            {
                foreach (var member in item.EnumerateObject()) piece[member.Name] = JsonSerializer.SerializeToNode(member.Value);
            }
            else if (node is JsonObject parts)
            {
                foreach (var (_, part) in parts.ToArray()) Fill(part);
            }
        }
    }

    /// <summary>An outfit and its pieces, as it is worn now.</summary>
    /// <param name="mainOutfit">What is said of the outfit as a whole, in the names of the document.</param>
    /// <param name="pieces">Each with its place and what stands there, in their order; a garment, shoes and a purse stand once.</param>
    public static JsonElement Compose(Guid outfit, JsonElement mainOutfit, IEnumerable<(WardrobeSlot Slot, JsonElement Piece)> pieces)
    {
        var main = JsonObject.Create(mainOutfit)!;
        var document = new JsonObject { [OutfitId] = outfit.ToString() };
        var (accessories, jewelry) = (new JsonObject(), new JsonObject());
        foreach (var (slot, piece) in pieces)
        {
            var node = JsonSerializer.SerializeToNode(piece);
            switch (slot)
            {
                case WardrobeSlot.Top or WardrobeSlot.Bottom or WardrobeSlot.Dress or WardrobeSlot.Outerwear: main[Names.Of(slot)] = node; break;
                case WardrobeSlot.Shoes or WardrobeSlot.Purse: document[Names.Of(slot)] = node; break;
                case WardrobeSlot.Necklace or WardrobeSlot.Earrings or WardrobeSlot.Bracelets or WardrobeSlot.Rings: Put(jewelry, Names.Of(slot), node); break;
                case WardrobeSlot.HairAccessory: Put(accessories, "hair_accessories", node); break;
                default: Put(accessories, Names.Of(slot), node); break;
            }
        }

        if (main.Count > 0) document["main_outfit"] = main;
        if (jewelry.Count > 0) accessories["jewelry"] = jewelry;
        if (accessories.Count > 0) document["accessories"] = accessories;
        return JsonSerializer.SerializeToElement(document);

        // One stands as itself, so that a path reaches it; several stand in a list.
        static void Put(JsonObject place, string name, JsonNode? piece)
        {
            if (place[name] is not { } there) place[name] = piece;
            else if (there is JsonArray list) list.Add(piece);
            else
            {
                place.Remove(name);
                place[name] = new JsonArray(there, piece);
            }
        }
    }

    private static IEnumerable<(string, string)> Below(JsonElement value, string path, Func<string, JsonElement, IEnumerable<(string, string)>> check) =>
        value.EnumerateObject().Where(member => member.Value.ValueKind is not JsonValueKind.Null).SelectMany(member =>
        {
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            return member.Name.Contains('.', StringComparison.Ordinal) ? [(name, "A name has no dots.")] : check(name, member.Value);
        });

    private static IEnumerable<(string, string)> Object(string path, JsonElement value, Func<string, JsonElement, IEnumerable<(string, string)>> check) =>
        value.ValueKind is JsonValueKind.Object ? Below(value, path, check) : [(path, "This is a JSON object.")];

    private static IEnumerable<(string, string)> Piece(string path, JsonElement value) =>
        value.ValueKind is not JsonValueKind.Object ? [(path, "This is a JSON object, such as { \"style\": \"wide-leg trousers\", \"color\": \"black\" }.")]
        : value.EnumerateObject().Count() > MaxPieces ? [(path, $"A piece has at most {MaxPieces} properties.")]
        : Below(value, path, (name, scalar) => Last(name) == ItemId ? Id(name, scalar) : Scalar(name, scalar));

    private static IEnumerable<(string, string)> Accessory(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Piece(path, value),
        JsonValueKind.Array when value.GetArrayLength() > MaxPieces => [(path, $"At most {MaxPieces} pieces.")],
        JsonValueKind.Array => value.EnumerateArray().SelectMany((piece, index) => piece.ValueKind is JsonValueKind.Object ? Piece($"{path}[{index}]", piece) : Text($"{path}[{index}]", piece)),
        _ => Text(path, value),
    };

    private static IEnumerable<(string, string)> Text(string path, JsonElement value) =>
        value.ValueKind is JsonValueKind.String ? Scalar(path, value) : [(path, "An accessory is a text, a JSON object, or a list of both.")];

    private static IEnumerable<(string, string)> Scalar(string path, JsonElement value) =>
        value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? [(path, "This is a text, a number or a boolean.")]
        : value.ValueKind is JsonValueKind.String && value.GetString()!.Length > MaxText ? [(path, $"A text has at most {MaxText:N0} characters.")]
        : [];

    private static IEnumerable<(string, string)> Id(string path, JsonElement value) =>
        value.ValueKind is JsonValueKind.String && value.TryGetGuid(out _) ? [] : [(path, "This is the id of a record.")];

    private static IEnumerable<(string, string)> Unknown(string path) => [(path, $"A wardrobe has no \"{Last(path)}\" here; what else is to be said of a piece stands in the piece, and of the whole in notes.")];

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];
}
