namespace RxRaft.Samples.KeyValue;

/// <summary>The last arm of every match over a closed union.</summary>
internal static class Unreachable
{
    public static InvalidOperationException Case(object unexpected) =>
        new($"{unexpected.GetType().Name} does not come here");
}
