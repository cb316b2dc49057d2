using System.Net;
using System.Net.Sockets;

namespace MediaPlatform.Infrastructure.Fetching;

/// <summary>
/// Which addresses belong to the public internet. IPv4: all that IANA's registry of special purposes
/// (https://www.iana.org/assignments/iana-ipv4-special-registry) does not take away. IPv6: what is allocated as global unicast,
/// 2000::/3, and not taken away by its registry; so whatever is assigned some day outside of that stays closed.
/// </summary>
internal sealed class AddressRules(FetchOptions options)
{
    private static readonly IPNetwork[] SpecialV4 = Networks(
        "0.0.0.0/8", // this network
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private
        "100.64.0.0/10", // carriers' NAT
        "127.0.0.0/8", // loopback
        "168.63.129.16/32", // a public address that is every Azure machine's own host
        "169.254.0.0/16", // link-local, where clouds serve credentials
        "192.0.0.0/24", // IETF protocols
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation
        "192.88.99.0/24", // 6to4 relays
        "198.18.0.0/15", // benchmarks
        "224.0.0.0/4", // multicast
        "240.0.0.0/4"); // reserved, broadcast

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 = Networks(
        "2001::/23", // IETF protocols, with Teredo
        "2001:db8::/32", "3fff::/20", // documentation
        "2002::/16"); // 6to4

    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    // IPv4-compatible, mapped and translated (RFC 2765), NAT64 and its local prefix
    private static readonly IPNetwork[] EndInV4 = Networks("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48");

    private readonly IPNetwork[] allowed = Networks([.. options.AllowedNetworks]);
    private readonly HashSet<string> allowedHosts = new(options.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a connection may be made. Where an IPv6 network that carries IPv4 is allowed, the IPv4 address is asked for as well.</summary>
    public bool Allow(string host, IPAddress address) => allowedHosts.Contains(host) || (Allow(address) && Carried(address).All(Allow));

    private bool Allow(IPAddress address) => IsPublic(address) || Contains(allowed, address);

    /// <summary>Whether anybody on the internet can be meant by it.</summary>
    public static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Contains(SpecialV4, address),
        AddressFamily.InterNetworkV6 => Contains(GlobalUnicast, address) && !Contains(SpecialV6, address),
        _ => false,
    };

    private static IEnumerable<IPAddress> Carried(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) yield break;

        var bytes = address.GetAddressBytes();
        if (Contains(EndInV4, address)) yield return new IPAddress(bytes.AsSpan(12));
        if (Contains(SixToFour, address)) yield return new IPAddress(bytes.AsSpan(2, 4));
        if (!Contains(Teredo, address)) yield break;

        yield return new IPAddress(bytes.AsSpan(4, 4)); // its server
        yield return new IPAddress(Array.ConvertAll(bytes[12..], part => (byte)~part)); // its client, each bit turned
    }

    private static bool Contains(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => Contains(network, address));

    /// <summary>Bit by bit: IPNetwork.Contains takes a mapped address for its IPv4 one, even in networks of IPv6, where 2000::/3 then holds 10.0.0.1 (dotnet/runtime#131861).</summary>
    private static bool Contains(IPNetwork network, IPAddress address)
    {
        var (prefix, bytes) = (network.BaseAddress.GetAddressBytes(), address.GetAddressBytes());
        if (prefix.Length != bytes.Length) return false;

        var (whole, rest) = Math.DivRem(network.PrefixLength, 8);
        return prefix.AsSpan(0, whole).SequenceEqual(bytes.AsSpan(0, whole)) && (rest == 0 || (prefix[whole] ^ bytes[whole]) >> (8 - rest) == 0);
    }

    private static IPNetwork[] Networks(params string[] networks) => Array.ConvertAll(networks, IPNetwork.Parse);
}
