using System.Globalization;
using System.Text;
using CsCheck;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>
/// Generates Pods of every shape as JSON text: what servers send today, what they will send one day, and what JSON allows beyond that.
/// Text, not nodes, because it is the text that must survive.
/// </summary>
internal static class PodManifests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf("a", "", "web", "/data", "日本語", "😀", "\u0000", "line\nbreak", "quote\"", "back\\slash", "<&>'", "a/b~c", "\u2028", "true", "1.0"),
        Gen.String[Gen.Char['\u0020', '\ud7ff'], 0, 12]);

    /// <summary>A JSON string, sometimes spelled with more escapes than it needs.</summary>
    private static readonly Gen<string> JsonTexts = Gen.Select(Texts, Gen.Bool, Gen.Bool, Quote);

    private static readonly Gen<string> Numbers = Gen.OneOf(
        Gen.OneOf("0", "-0", "1", "1.0", "1.00", "1e3", "1E+3", "1e-7", "0.1", "123456789012345678901234567890", "-9223372036854775809", "3.141592653589793238462643383279"),
        Gen.Long.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    private static readonly Gen<string> Scalars = Gen.OneOf(JsonTexts, Numbers, Gen.OneOf("null", "true", "false", "{}", "[]"));

    /// <summary>Values of fields that nobody knows yet.</summary>
    private static readonly Gen<string> Unknown = Gen.Recursive<string>((depth, self) => depth > 4
        ? Scalars
        : Gen.Frequency(
            (3, Scalars),
            (1, self.List[0, 4].Select(items => $"[{string.Join(", ", items)}]")),
            (1, Gen.Select(FieldNames.List[0, 4], self.List[4], (names, values) => Members(names.Distinct().Zip(values))))));

    private static Gen<string> FieldNames => Gen.OneOf(Gen.OneOf("future", "name", "key", "a/b", "~1", "日本", "x.y/z", "-", "0"), Gen.String[Gen.Char.AlphaNumeric, 1, 6]);

    private static readonly Gen<string> Deep = Gen.Int[1, 200].Select(depth => $"{string.Concat(Enumerable.Repeat("{\"d\":[", depth))}1.0{string.Concat(Enumerable.Repeat("]}", depth))}");

    private static readonly Gen<string> Env = ListOf(
        Gen.OneOf(
            Gen.Select(Names("ENV"), JsonTexts, (name, value) => $$"""{"name":{{name}},"value":{{value}}}"""),
            Names("ENV").Select(name => $$$$"""{"name":{{{{name}}}},"valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}}"""),
            Gen.Select(Names("ENV"), Unknown, (name, value) => $$"""{"name":{{name}},"valueFrom":""" + Members([("futureKeyRef", value)]) + "}")),
        6);

    private static readonly Gen<string> Mounts = ListOf(
        Gen.Select(Names("vol"), Gen.OneOf("/a", "/b", "/var/run/secrets/kubernetes.io/serviceaccount"), (name, path) => $$"""{"name":{{name}},"readOnly":true,"mountPath":"{{path}}"}"""),
        4);

    private static readonly Gen<string> Container = Object(
        ("name", true, Names("c")),
        ("image", false, JsonTexts),
        ("command", false, ListOf(JsonTexts, 4)),
        ("args", false, ListOf(JsonTexts, 4)),
        ("env", false, Env),
        ("envFrom", false, ListOf(Gen.Const("""{"configMapRef":{"name":"x"}}"""), 2)),
        ("volumeMounts", false, Mounts),
        ("resources", false, Gen.OneOf("{}", """{"limits":{"nvidia.com/gpu":"1"},"claims":[{"name":"gpu","request":"one"}]}""")),
        ("restartPolicy", false, Gen.Const("\"Always\"")),
        ("restartPolicyRules", false, Gen.Const("""[{"action":"Restart","exitCodes":{"operator":"In","values":[42]}}]""")),
        ("ports", false, ListOf(Gen.Int[1, 65535].Select(port => $$"""{"containerPort":{{port}},"protocol":"TCP"}"""), 3)),
        ("securityContext", false, Gen.OneOf("{}", """{"readOnlyRootFilesystem":true,"runAsUser":1000}""")),
        ("futureField", false, Unknown));

    private static readonly Gen<string> Volume = Gen.OneOf(
        Names("vol").Select(name => $$$"""{"name":{{{name}}},"emptyDir":{}}"""),
        Names("vol").Select(name => $$$"""{"name":{{{name}}},"projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"futureSource":{"a":1.0}}],"defaultMode":420}}"""),
        Gen.Select(Names("vol"), Unknown, (name, value) => $$"""{"name":{{name}},"futureVolume":{{value}}}"""));

    /// <summary>Pods.</summary>
    public static readonly Gen<string> Pods = Object(
        ("apiVersion", true, Gen.Const("\"v1\"")),
        ("kind", true, Gen.Const("\"Pod\"")),
        ("metadata", true, Object(
            ("generateName", false, Gen.Const("\"web-\"")),
            ("creationTimestamp", false, Gen.Const("null")),
            ("annotations", false, Gen.Select(FieldNames.List[0, 5], JsonTexts.List[5], (names, values) => Members(names.Distinct().Zip(values)))),
            ("labels", false, Gen.OneOf("{}", "null", """{"app":"web"}""")),
            ("managedFields", false, Gen.Const("""[{"manager":"kubectl","operation":"Update","apiVersion":"v1","fieldsV1":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{}}}}}}]""")))),
        ("spec", true, Object(
            ("initContainers", false, ListOf(Container, 3)),
            ("containers", true, ListOf(Container, 3)),
            ("ephemeralContainers", false, ListOf(Container, 2)),
            ("volumes", false, ListOf(Volume, 4)),
            ("resourceClaims", false, Gen.Const("""[{"name":"gpu","resourceClaimTemplateName":"one-gpu"}]""")),
            ("schedulingGates", false, Gen.OneOf("[]", """[{"name":"kiban.dev/data"}]""")),
            ("tolerations", false, ListOf(Gen.OneOf("""{"key":"a","operator":"Exists"}""", """{"operator":"Exists","tolerationSeconds":300}"""), 3)),
            ("nodeSelector", false, Gen.OneOf("{}", "null")),
            ("futureList", false, ListOf(Unknown, 5)),
            ("future", false, Unknown),
            ("deep", false, Deep))),
        ("status", false, Gen.OneOf("{}", """{"qosClass":"BestEffort"}""")),
        ("future", false, Unknown));

    /// <summary>Any value, for patches between values that have nothing to do with each other.</summary>
    public static Gen<string> Values => Unknown;

    private static Gen<string> Names(string prefix) => Gen.Int[0, 5].Select(number => $"\"{prefix}{number}\"");

    private static Gen<string> ListOf(Gen<string> item, int most) => item.List[0, most].Select(items => $"[{string.Join(",", items)}]");

    /// <summary>An object with its members in any order and optional ones left out.</summary>
    private static Gen<string> Object(params (string Name, bool Required, Gen<string> Value)[] members)
    {
        var all = Gen.Const(new List<(string, string)>());
        foreach (var (name, required, value) in members)
        {
            all = Gen.Select(all, Gen.Bool, value, (before, present, text) =>
                required || present ? [.. before, (name, text)] : before);
        }

        return all.SelectMany(list => Gen.Shuffle(list.ToArray())).Select(list => Members(list.Select(member => (member.Item1, member.Item2))));
    }

    private static string Members(IEnumerable<(string Name, string Value)> members) =>
        $"{{{string.Join(", ", members.Select(member => $"{Quote(member.Name, false, false)}:{member.Value}"))}}}";

    private static string Quote(string text, bool escapeAll, bool upperCase)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (character is '"' or '\\' || character < ' ' || (escapeAll && (character > 'ÿ' || character == '/')))
                quoted.Append("\\u").Append(((int)character).ToString(upperCase ? "X4" : "x4", CultureInfo.InvariantCulture));
            else
                quoted.Append(character);
        }

        return quoted.Append('"').ToString();
    }
}
