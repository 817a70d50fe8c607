using System.Buffers;

namespace RxRaft.Samples.KeyValue;

/// <summary>What came of writes, as snapshots keep it for who asks again.</summary>
internal sealed class AnswersFormat : ISerializer<Seq<Answer>>
{
    private const byte Version = 1;

    public void Write(Seq<Answer> value, IBufferWriter<byte> writer)
    {
        writer.PutByte(Version);
        writer.Put((ulong)value.Count);
        foreach (var answer in value) Write(answer, writer);
    }

    public Seq<Answer> Read(ReadOnlyMemory<byte> bytes)
    {
        var from = new Unpacking(bytes);
        from.Version(Version);
        var answers = new Answer[from.Count()];
        for (var i = 0; i < answers.Length; i++) answers[i] = One(ref from);
        from.End();
        return toSeq(answers);
    }

    private static void Write(Answer answer, IBufferWriter<byte> writer)
    {
        writer.PutByte(answer switch
        {
            Answer.Done => 1,
            Answer.Nothing => 2,
            Answer.Number => 3,
            Answer.Text => 4,
            Answer.Refused => 5,
            _ => throw Unreachable.Case(answer),
        });
        if (answer is Answer.Number(var number)) writer.PutSigned(number);
        if (answer is Answer.Text(var text)) writer.Put(text);
        if (answer is Answer.Refused(var why)) writer.PutByte((byte)why);
    }

    private static Answer One(ref Unpacking from) => from.Byte() switch
    {
        1 => StoreMachine.Done,
        2 => StoreMachine.Nothing,
        3 => new Answer.Number(from.Signed()),
        4 => new Answer.Text(from.Bytes().Copy()),
        5 => new Answer.Refused(from.Byte() is >= 1 and <= 3 and var why
            ? (Refusal)why
            : throw from.Wrong("there is no such refusal")),
        var other => throw from.Wrong($"there is no answer {other}"),
    };
}
