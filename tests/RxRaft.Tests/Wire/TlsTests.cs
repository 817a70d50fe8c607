using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using static RxRaft.Tests.Wires;

namespace RxRaft.Tests;

/// <summary>Both sides show who they are, and only what an authority says counts.</summary>
public sealed class TlsTests
{
    private static readonly Message Mark = new Message.TimeoutNow(new(1), new(2));
    private static readonly X509Certificate2 Ours = Authority("ours"), Theirs = Authority("theirs");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nodes_with_certificates_of_their_own_talk_to_each_other(bool dns)
    {
        await using var one = Start(S1, Of(Ours, S1, dns: dns));
        await using var two = Start(S2, Of(Ours, S2, dns: dns));
        Introduce(one, two);
        await one.Connected(S2);

        one.Say(S2, Mark);
        Assert.Equal(S1, (await two.Hears(Mark)).From);
    }

    [Fact]
    public Task A_certificate_of_another_authority_is_refused() => IsRefused(Of(Theirs, S2), WireRefusal.Tls);

    [Fact]
    public Task A_certificate_that_has_expired_is_refused() => IsRefused(Of(Ours, S2, days: -1), WireRefusal.Tls);

    [Fact]
    public async Task A_certificate_of_another_node_is_refused_on_both_sides()
    {
        await using var one = Start(S1, Of(Ours, S1));
        await using var false3 = Start(S3, Of(Ours, S3));               // dials as S3, and is dialled as S2
        one.Wire.AddPeer(S2, false3.Wire.LocalEndPoint);
        var failed = await one.Event<WireEvent.Unreachable>(said => said.Reason.IsSome);
        Assert.Equal((S2, Some(WireRefusal.WrongCertificate)), (failed.Peer, failed.Reason));
        Assert.Contains("names rxraft://test/3, and not S2 of Test", failed.Why, StringComparison.Ordinal);

        using var client = new System.Net.Sockets.TcpClient();          // says to be S2, with the certificate of S3
        await client.ConnectAsync(one.Wire.LocalEndPoint);
        using var secure = new System.Net.Security.SslStream(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        await secure.AuthenticateAsClientAsync("x", [Of(Ours, S3).Certificate], checkCertificateRevocation: false);
        await secure.WriteAsync((byte[])
            [.. Handshake.Preface, .. Frames.Frame((ushort)Proto.Kind.Hello, Handshake.Hello(Test, S2, S1))]);
        Assert.Equal(S2, (await one.Event<WireEvent.Refused>(said => said.Reason == WireRefusal.WrongCertificate)).Peer);
    }

    [Fact]
    public async Task Who_shows_no_certificate_is_refused()
    {
        await using var one = Start(S1, Of(Ours, S1));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(one.Wire.LocalEndPoint);
        using var secure = new System.Net.Security.SslStream(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        await secure.AuthenticateAsClientAsync("x");

        Assert.Equal(WireRefusal.Tls, (await one.Event<WireEvent.Refused>()).Reason);
    }

    [Fact]
    public async Task Plain_text_and_TLS_do_not_understand_each_other_and_say_so()
    {
        await using var one = Start(S1, Of(Ours, S1));
        await using var two = Wires.Start(S2);
        Introduce(one, two);

        Assert.Equal(WireRefusal.Tls, (await one.Event<WireEvent.Refused>()).Reason);
        Assert.Equal(WireRefusal.NotRaft, (await two.Event<WireEvent.Refused>()).Reason);
    }

    [Fact]
    public async Task A_certificate_without_the_node_in_it_does_not_start_a_wire()
    {
        var wrong = Assert.Throws<ArgumentException>(() => TcpWire.Start(Options(S1) with { Tls = Of(Ours, S2) }));
        Assert.Equal("Tls.Certificate (CN=S2) does not name S1: it must contain rxraft://Test/1 or node-1.Test.rxraft", wrong.Message);

        await using var right = Start(S1, Of(Ours, S1));
        Assert.True(right.Wire.Knows(S1));
    }

    [Fact]
    public async Task Certificates_are_read_from_PEM_files()
    {
        var folder = Directory.CreateTempSubdirectory("rxraft").FullName;
        try
        {
            await using var one = Start(S1, Files(folder, S1));
            await using var two = Start(S2, Files(folder, S2));
            Introduce(one, two);
            await one.Connected(S2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task IsRefused(TlsOptions other, WireRefusal reason)
    {
        await using var one = Start(S1, Of(Ours, S1));
        await using var two = Start(S2, other with { Authorities = [Ours, Theirs] });
        Introduce(one, two);

        Assert.Equal(reason, (await one.Event<WireEvent.Refused>()).Reason);
        Assert.Equal(Some(reason), (await one.Event<WireEvent.Unreachable>(said => said.Reason.IsSome)).Reason);
        one.Say(S2, Mark);
        Assert.Empty(two.Heard);
    }

    private static Wires Start(NodeId self, TlsOptions tls) => Wires.Start(Options(self) with { Tls = tls });

    private static TlsOptions Files(string folder, NodeId node)
    {
        string Path(string name) => System.IO.Path.Combine(folder, name);
        var own = Of(Ours, node).Certificate;
        File.WriteAllText(Path($"{node}.pem"), own.ExportCertificatePem());
        File.WriteAllText(Path($"{node}.key"), own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path("authority.pem"), Ours.ExportCertificatePem());
        return TlsOptions.FromPem(Path($"{node}.pem"), Path($"{node}.key"), Path("authority.pem"));
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
    }

    private static TlsOptions Of(X509Certificate2 authority, NodeId node, int days = 5, bool dns = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={node}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (dns) names.AddDnsName(NodeCertificate.Dns(Test, node));
        else names.AddUri(new Uri(NodeCertificate.Uri(Test, node)));
        request.CertificateExtensions.Add(names.Build());
        var serial = new byte[] { 1, 2, (byte)node.Value };
        using var bare = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-8), DateTimeOffset.UtcNow.AddDays(days), serial);
        using var whole = bare.CopyWithPrivateKey(key);
        var own = X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        return new(own, [X509CertificateLoader.LoadCertificate(authority.RawData)]);
    }

    /// <summary>For the cluster that runs over TLS.</summary>
    internal static TlsOptions OfNode(NodeId node) => Of(Ours, node);
}
