using MediaPlatform.Application.Library;
using MediaPlatform.Infrastructure.Library;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaPlatform.Infrastructure.Tests.Library;

internal sealed class ChoosingProvidersTests
{
    [Test]
    public void Without_keys_there_are_none()
    {
        using var services = Services([]);
        Assert.That(services.GetRequiredService<IReadOnlyList<IStockProvider>>(), Is.Empty);
        Assert.That(services.GetServices<IStockProvider>(), Is.Empty);
    }

    [Test]
    public void Those_with_a_key_stand_in_the_usual_order()
    {
        using var services = Services(["Pixabay:Key=k1", "Pexels:Key=k2", "Unsplash:Key="]);
        Assert.That(Names(services), Is.EqualTo(new[] { "pexels", "pixabay" }));
        Assert.That(services.GetServices<IStockProvider>(), Is.EqualTo(services.GetRequiredService<IReadOnlyList<IStockProvider>>()));
    }

    [Test]
    public void The_settings_say_another_order_and_who_is_not_asked()
    {
        using var services = Services(["Pixabay:Key=k1", "Pexels:Key=k2", "Unsplash:Key=k3", "Providers:0=pixabay", "Providers:1=unsplash"]);
        Assert.That(Names(services), Is.EqualTo(new[] { "pixabay", "unsplash" }));
    }

    [Test]
    public void Addresses_are_the_providers_own_until_others_are_set()
    {
        using var services = Services(["Pexels:BaseUrl=https://stock.example/pexels/"]);
        var options = services.GetRequiredService<StockOptions>();
        Assert.That((options.Pexels.BaseUrl, options.Unsplash.BaseUrl, options.Pixabay.BaseUrl), Is.EqualTo(("https://stock.example/pexels/", "https://api.unsplash.com", "https://pixabay.com")));
    }

    [TestCase("Providers:0=flickr", "Stock:Providers")]
    [TestCase("Providers:0=pexels Providers:1=pexels", "Stock:Providers")]
    [TestCase("Pexels:BaseUrl=api.pexels.com", "Stock:Pexels:BaseUrl")]
    [TestCase("Pexels:BaseUrl=", "Stock:Pexels:BaseUrl")]
    [TestCase("Pexels:BaseUrl=http://", "Stock:Pexels:BaseUrl")]
    [TestCase("Unsplash:BaseUrl=ftp://api.unsplash.com", "Stock:Unsplash:BaseUrl")]
    [TestCase("Unsplash:BaseUrl=https://ann:hunter2@api.unsplash.com", "Stock:Unsplash:BaseUrl")]
    [TestCase("Pixabay:BaseUrl=https://pixabay.com/?key=hunter2", "Stock:Pixabay:BaseUrl")]
    [TestCase("Pixabay:BaseUrl=http://pixabay.com", "Stock:Pixabay:BaseUrl")]
    [TestCase("Pixabay:BaseUrl=http://10.0.0.1", "Stock:Pixabay:BaseUrl")]
    [TestCase("Pexels:Key=hunter2\n", "Stock:Pexels:Key")]
    [TestCase("Pexels:Key=hünter2", "Stock:Pexels:Key")]
    [TestCase("Timeout=00:00:00", "Stock:Timeout")]
    [TestCase("MaxRetries=11", "Stock:MaxRetries")]
    [TestCase("FirstBackoff=00:02:00", "Stock:FirstBackoff")]
    [TestCase("Patience=-00:00:01", "Stock:Patience")]
    [TestCase("KeepAnswers=8.00:00:00", "Stock:KeepAnswers")]
    [TestCase("MaxPixels=0", "Stock:MaxPixels")]
    public void A_wrong_setting_is_named_and_no_secret_said(string settings, string named)
    {
        using var services = Services(settings.Split(' '));
        Assert.That(() => services.GetRequiredService<StockOptions>(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(named).And.Message.Not.Contains("hunter2"));
    }

    [TestCase("http://127.0.0.1:8080"), TestCase("http://localhost:8080"), TestCase("http://[::1]:8080"), TestCase("https://10.0.0.1/stock")]
    public void In_the_clear_keys_stay_on_this_machine(string address)
    {
        using var services = Services([$"Pexels:BaseUrl={address}"]);
        Assert.That(services.GetRequiredService<StockOptions>().Pexels.BaseUrl, Is.EqualTo(address));
    }

    private static IEnumerable<string> Names(ServiceProvider services) => services.GetRequiredService<IReadOnlyList<IStockProvider>>().Select(provider => provider.Name);

    private static ServiceProvider Services(IEnumerable<string> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create($"Stock:{pair[0]}", (string?)pair[1]))).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddStockProviders().BuildServiceProvider();
    }
}
