using System.Text.Json;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Admission;

namespace Kiban.Kubernetes.Tests.Admission;

public class JsonPatchTests
{
    [Fact]
    public void Equal_values_need_no_patch()
    {
        Patch("""{"a":[1,{"b":null}],"c":"é"}""", """{"c":"\u00e9","a":[1,{"b":null}]}""").ShouldBe("[]");
    }

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1e3", "1000")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567891")]
    public void Numbers_are_compared_by_their_text(string before, string after)
    {
        Patch($$"""{"a":{{before}}}""", $$"""{"a":{{after}}}""").ShouldBe($$"""[{"op":"replace","path":"/a","value":{{after}}}]""");
        Patch($$"""{"a":{{before}}}""", $$"""{"a":{{before}}}""").ShouldBe("[]");
    }

    [Fact]
    public void A_number_that_code_has_written_equals_the_same_number_in_text()
    {
        var before = JsonDocument.Parse("""{"a":5,"b":"x","c":true}""").RootElement;
        JsonPatch.Between(before, new JsonObject { ["a"] = 5, ["b"] = "x", ["c"] = true }).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Member_names_are_escaped_as_pointers()
    {
        Patch("""{"m":{"a/b~c":"1"}}""", """{"m":{"a/b~c":"2","~1/":"3"}}""")
            .ShouldBe("""[{"op":"replace","path":"/m/a~1b~0c","value":"2"},{"op":"add","path":"/m/~01~1","value":"3"}]""");
    }

    [Fact]
    public void Null_and_absent_are_different()
    {
        Patch("""{"a":null}""", "{}").ShouldBe("""[{"op":"remove","path":"/a"}]""");
        Patch("{}", """{"a":null}""").ShouldBe("""[{"op":"add","path":"/a","value":null}]""");
        Patch("""{"a":null}""", """{"a":{}}""").ShouldBe("""[{"op":"replace","path":"/a","value":{}}]""");
    }

    [Fact]
    public void An_absent_array_is_created_whole()
    {
        Patch("""{"spec":{}}""", """{"spec":{"volumes":[{"name":"v"}]}}""").ShouldBe("""[{"op":"add","path":"/spec/volumes","value":[{"name":"v"}]}]""");
    }

    [Theory]
    [InlineData("[1,2]", "[1,2,3]", """[{"op":"add","path":"/-","value":3}]""")]
    [InlineData("[1,3]", "[1,2,3]", """[{"op":"add","path":"/1","value":2}]""")]
    [InlineData("[1,2,3]", "[2,3]", """[{"op":"remove","path":"/0"}]""")]
    [InlineData("[1,2,3,4]", "[1,4]", """[{"op":"remove","path":"/1"},{"op":"remove","path":"/1"}]""")]
    [InlineData("[1,2,3]", "[1,5,3]", """[{"op":"replace","path":"/1","value":5}]""")]
    [InlineData("[]", "[1]", """[{"op":"add","path":"/-","value":1}]""")]
    [InlineData("[1,2,3]", "[0,1,2,9,3,4]",
        """[{"op":"add","path":"/0","value":0},{"op":"add","path":"/3","value":9},{"op":"add","path":"/-","value":4}]""")]
    public void Array_elements_that_stay_are_not_rewritten(string before, string after, string patch)
    {
        Patch(before, after).ShouldBe(patch);
    }

    [Fact]
    public void One_env_added_to_each_of_two_containers_is_two_additions()
    {
        Patch(
            """{"containers":[{"name":"a","env":[{"name":"X","value":"1"}]},{"name":"b","image":"i"}]}""",
            """{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]},{"name":"b","image":"i","env":[{"name":"Y","value":"2"}]}]}""")
            .ShouldBe(
            """[{"op":"add","path":"/containers/0/env/-","value":{"name":"Y","value":"2"}},{"op":"add","path":"/containers/1/env","value":[{"name":"Y","value":"2"}]}]""");
    }

    [Fact]
    public void A_container_put_between_two_that_change_as_well_is_one_addition()
    {
        Patch(
            """{"c":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}""",
            """{"c":[{"name":"a","image":"2"},{"name":"s"},{"name":"b","image":"2"}]}""")
            .ShouldBe(
            """[{"op":"replace","path":"/c/0/image","value":"2"},{"op":"add","path":"/c/1","value":{"name":"s"}},{"op":"replace","path":"/c/2/image","value":"2"}]""");
    }

    [Fact]
    public void Mounts_of_one_volume_at_two_places_are_told_apart()
    {
        Patch(
            """[{"name":"v","mountPath":"/a"},{"name":"v","mountPath":"/b"}]""",
            """[{"name":"v","mountPath":"/c"},{"name":"v","mountPath":"/a"},{"name":"v","mountPath":"/b"}]""")
            .ShouldBe("""[{"op":"add","path":"/0","value":{"name":"v","mountPath":"/c"}}]""");
    }

    [Fact]
    public void A_long_array_that_is_reversed_still_gets_a_right_patch()
    {
        var before = new JsonArray([.. Enumerable.Range(0, 1000).Select(i => (JsonNode)i)]);
        var after = new JsonArray([.. Enumerable.Range(0, 1000).Reverse().Select(i => (JsonNode)i)]);
        Rfc6902.Apply(before.DeepClone(), JsonPatch.Between(before, after).ToJsonArray())!.ToJsonString().ShouldBe(after.ToJsonString());
    }

    private static string Patch(string before, string after) =>
        JsonPatch.Between(JsonNode.Parse(before), JsonNode.Parse(after)).ToJsonArray().ToJsonString(
            new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
