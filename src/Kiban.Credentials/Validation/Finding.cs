namespace Kiban.Credentials.Validation;

/// <summary>
/// One mistake in a Secret. None of the three texts ever contains a value of the Secret: at most what kind of thing it is, and its length.
/// </summary>
/// <param name="Field">Where: <c>data["credentials.json"]</c>, with <c>$.path</c> after it inside a JSON value.</param>
/// <param name="Found">What is there, such as <c>21 characters that end with a line break</c>.</param>
/// <param name="Wanted">What would be right.</param>
internal sealed record Finding(string Field, string Found, string Wanted)
{
    public override string ToString() => $"{Field}: found {Found}; {Wanted}";
}
