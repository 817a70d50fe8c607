namespace RxRaft;

/// <summary>The name of a cluster: nodes and disks of different ones have nothing to do with each other.</summary>
/// <remarks>It is written on every disk and said on every connection, so that neither is taken for another's.</remarks>
public readonly record struct ClusterId
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 64;

    /// <summary>A cluster's name.</summary>
    /// <param name="name">1 to 64 letters, digits, dots, hyphens and underscores of ASCII.</param>
    /// <exception cref="ArgumentException">It is none; the message says what is wrong.</exception>
    public ClusterId(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength)
            throw new ArgumentException(
                $"A cluster's name has 1 to {MaxLength} characters; '{name}' has {name.Length}", nameof(name));
        foreach (var character in name)
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_'))
                throw new ArgumentException(
                    $"A cluster's name has ASCII letters, digits, '.', '-' and '_'; '{name}' has '{character}'",
                    nameof(name));

        Name = name;
    }

    /// <summary>Never empty.</summary>
    public string Name => field ?? throw new InvalidOperationException("A cluster without a name");

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
