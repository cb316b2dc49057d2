using System.Net;
using MediaPlatform.Infrastructure.Fetching;

namespace MediaPlatform.Infrastructure.Tests.Fetching;

internal sealed class KnowingAddressesTests
{
    [TestCase("0.0.0.0"), TestCase("0.255.255.255"), TestCase("10.0.0.1"), TestCase("10.255.255.255"), TestCase("100.64.0.0"), TestCase("100.127.255.255")]
    [TestCase("127.0.0.1"), TestCase("127.255.255.254"), TestCase("169.254.169.254"), TestCase("168.63.129.16"), TestCase("172.16.0.1"), TestCase("172.31.255.255")]
    [TestCase("192.0.0.1"), TestCase("192.0.2.1"), TestCase("192.88.99.1"), TestCase("192.168.0.1"), TestCase("198.18.0.1"), TestCase("198.19.255.255")]
    [TestCase("198.51.100.1"), TestCase("203.0.113.1"), TestCase("224.0.0.1"), TestCase("239.255.255.255"), TestCase("240.0.0.1"), TestCase("255.255.255.255")]
    [TestCase("::"), TestCase("::1"), TestCase("fe80::1"), TestCase("fe80::1%2"), TestCase("febf::1"), TestCase("fec0::1"), TestCase("fc00::1"), TestCase("fdff::1"), TestCase("fd00:ec2::254")]
    [TestCase("ff02::1"), TestCase("::ffff:127.0.0.1"), TestCase("::ffff:8.8.8.8"), TestCase("::8.8.8.8"), TestCase("::ffff:0:8.8.8.8"), TestCase("64:ff9b::8.8.8.8")]
    [TestCase("64:ff9b:1::8.8.8.8"), TestCase("100::1"), TestCase("2001::1"), TestCase("2001:0:4136:e378:8000:63bf:3fff:fdd2"), TestCase("2001:2::1"), TestCase("2001:20::1")]
    [TestCase("2001:db8::1"), TestCase("2002:808:808::1"), TestCase("3fff::1"), TestCase("4000::1"), TestCase("5f00::1")]
    public void An_address_that_is_not_public_is_not_fetched_from(string address) => Assert.That(AddressRules.IsPublic(IPAddress.Parse(address)), Is.False);

    [TestCase("1.1.1.1"), TestCase("9.255.255.255"), TestCase("11.0.0.0"), TestCase("100.63.255.255"), TestCase("100.128.0.0"), TestCase("126.255.255.255"), TestCase("128.0.0.1")]
    [TestCase("169.253.255.255"), TestCase("172.15.255.255"), TestCase("172.32.0.0"), TestCase("192.0.1.1"), TestCase("192.167.255.255"), TestCase("198.17.255.255")]
    [TestCase("198.20.0.0"), TestCase("223.255.255.255"), TestCase("2606:4700:4700::1111"), TestCase("2001:4860:4860::8888"), TestCase("2a00:1450:4001:80b::200e")]
    public void A_public_address_is_fetched_from(string address) => Assert.That(AddressRules.IsPublic(IPAddress.Parse(address)), Is.True);

    // An intranet without IPv4 reaches the rest by NAT64, which its operator allows; that must not open the intranet's own IPv4.
    [TestCase("64:ff9b::/96", "64:ff9b::8.8.8.8", true)]
    [TestCase("64:ff9b::/96", "64:ff9b::10.0.0.1", false)]
    [TestCase("64:ff9b:1::/48", "64:ff9b:1::169.254.169.254", false)]
    [TestCase("2002::/16", "2002:808:808::1", true)]
    [TestCase("2002::/16", "2002:7f00:1::1", false)]
    [TestCase("2001::/32", "2001:0:808:808:8000:63bf:f7f7:f7f7", true)]
    [TestCase("2001::/32", "2001:0:808:808:8000:63bf:f5ff:fffe", false)] // its client is 10.0.0.1
    [TestCase("2001::/32", "2001:0:a00:1:8000:63bf:f7f7:f7f7", false)] // its server is
    [TestCase("::ffff:0:0/96", "::ffff:8.8.8.8", true)]
    [TestCase("::ffff:0:0/96", "::ffff:127.0.0.1", false)]
    [TestCase("127.0.0.0/8", "127.0.0.1", true)]
    [TestCase("127.0.0.0/8", "::ffff:127.0.0.1", false)]
    [TestCase("10.0.0.0/8", "127.0.0.1", false)]
    public void What_an_allowed_network_opens(string network, string address, bool open) =>
        Assert.That(new AddressRules(new() { AllowedNetworks = [network] }).Allow("example.com", IPAddress.Parse(address)), Is.EqualTo(open));

    [Test]
    public void An_allowed_host_may_lie_anywhere_and_no_other_may()
    {
        var rules = new AddressRules(new() { AllowedHosts = ["Files.Intranet"] });
        Assert.That(rules.Allow("files.intranet", IPAddress.Loopback), Is.True);
        Assert.That(rules.Allow("other.intranet", IPAddress.Loopback), Is.False);
    }
}
