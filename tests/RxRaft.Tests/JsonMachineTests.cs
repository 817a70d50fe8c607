using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace RxRaft.Tests;

/// <summary>State machines and values written as JSON.</summary>
public sealed class JsonMachineTests
{
    private static readonly ReadmeExamples.Bank Bank = new();

    [Fact]
    public void States_commands_and_results_are_JSON_in_UTF_8_and_come_back_as_they_were()
    {
        var (state, balance) = Bank.Apply(Bank.Initial, new("ådå", 100));

        Assert.Equal("""{"Account":"ada","Amount":100}""", Text(Bank.Commands, new("ada", 100)));
        Assert.Equal("100", Text(Bank.Results, balance));
        Assert.Equal(new("ada", -1), Back(Bank.Commands, new("ada", -1)));
        Assert.Equal(100, Back(Bank.Results, 100));
        Assert.Equal(state, Back(Bank.States, state));
        Assert.Equal(100, Back(Bank.States, state)["ådå"]);
    }

    [Fact]
    public void Options_are_the_users_own()
    {
        var json = new Json<ReadmeExamples.Deposit>(new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase });

        Assert.Equal("""{"account":"ada","amount":1}""", Text(json, new("ada", 1)));
        Assert.Equal(new("ada", 1), Back(json, new("ada", 1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"Account":7}""")]
    [InlineData("""{"Account":"ada","Amount":100} and more""")]
    public void What_is_not_JSON_or_not_of_the_type_is_not_read(string bytes) =>
        Assert.Throws<JsonException>(() => Bank.Commands.Read(Encoding.UTF8.GetBytes(bytes)));

    [Fact]
    public void Nothing_is_a_result_too()
    {
        var json = new Json<ImmutableList<string>?>();

        Assert.Equal("null", Text(json, null));
        Assert.Null(Back(json, null));
    }

    private static string Text<T>(ISerializer<T> serializer, T value) => Encoding.UTF8.GetString(Bytes(serializer, value).Span);

    private static T Back<T>(ISerializer<T> serializer, T value) => serializer.Read(Bytes(serializer, value));

    private static ReadOnlyMemory<byte> Bytes<T>(ISerializer<T> serializer, T value)
    {
        var writer = new ArrayBufferWriter<byte>();
        serializer.Write(value, writer);
        return writer.WrittenMemory;
    }
}
