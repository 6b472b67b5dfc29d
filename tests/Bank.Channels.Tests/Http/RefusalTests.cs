using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bank.Hosting;
using Bank.Testing.Servers;

namespace Bank.Channels.Tests.Http;

/// <summary>What is refused before anything is sent, to the letter.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private const string Good = """{"amount":"1","currency":"EUR"}""";

    private EndpointDatabase? database;
    private ChannelsApp? started;

    private ChannelsApp App => started ??= new ChannelsApp(database!);

    public async Task InitializeAsync() => database = await EndpointDatabase.Create(DatabaseKind.Sqlite);

    public async Task DisposeAsync()
    {
        if (started is not null)
        {
            Assert.Empty(started.Session.SentMessages);
            await started.DisposeAsync();
        }

        await database!.DisposeAsync();
    }

    [Fact]
    public async Task A_refusal_names_every_field_and_what_is_wrong_with_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/accounts/acc%201/commands/transfer")
        {
            Content = new StringContent("""{"amount":"1.234","currency":"EUR","to":"","purpose":"a\tb"}""", Encoding.UTF8, "application/json"),
        };
        var answer = await Answer.To(App, request, ("Idempotency-Key", "short"), ("X-Channel", "mobile"), ("Prefer", "wait=soon"));

        answer.Problem(HttpStatusCode.BadRequest);
        var problem = JsonNode.Parse(answer.Text)!.AsObject();
        problem.Remove("traceId");
        Assert.Equal(
            """
            {
              "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
              "title": "The request is malformed.",
              "status": 400,
              "errors": {
                "X-Requested-By": [
                  "is missing"
                ],
                "Idempotency-Key": [
                  "must be 8 to 128 visible ASCII characters"
                ],
                "Prefer": [
                  "wait must be a whole number of seconds from 0 to 30"
                ],
                "id": [
                  "must be 1 to 64 letters, digits, or one of - _ . :"
                ],
                "purpose": [
                  "contains a control character"
                ],
                "to": [
                  "must be 1 to 64 letters, digits, or one of - _ . :"
                ],
                "amount": [
                  "has more decimals than EUR has"
                ]
              }
            }
            """,
            problem.ToJsonString(new() { WriteIndented = true }), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task An_amount_is_a_plain_decimal_that_its_currency_can_hold()
    {
        string[] wrong =
        [
            "null", "true", "{}", "\"\"", "\"abc\"", "\"1,000.00\"", "\"1e2\"", "1e2", "0", "\"-0.01\"", "\"92233720368547758.08\"", "\"79228162514264337593543950335\"",
            "\"1.00000000000000000000000000001\"",
        ];
        foreach (var amount in wrong)
            Assert.Equal((amount, "amount"), (amount, string.Join(',', (await Command("withdraw", $$"""{"amount":{{amount}},"currency":"EUR"}""")).Fields())));
        Assert.Equal(["amount"], (await Command("withdraw", """{"amount":"1.5","currency":"JPY"}""")).Fields());
        Assert.Equal(["amount"], (await Command("withdraw", """{"amount":"0.0001","currency":"KWD"}""")).Fields());
    }

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("31.03.2026")]
    [InlineData("2026-02-30")]
    [InlineData("2026-03-31T00:00:00Z")]
    public async Task A_value_date_is_a_day_of_ISO_8601(string day)
    {
        foreach (var command in new[] { "deposit", "withdraw" })
            Assert.Equal(["valueDate"], (await Command(command, $$"""{"amount":"1","currency":"EUR","valueDate":"{{day}}"}""")).Fields());
    }

    [Fact]
    public async Task A_member_that_a_command_does_not_know_is_refused_by_name()
    {
        const string money = """ "amount":"1","currency":"EUR" """;
        Assert.Equal(["valueDate"], (await Command("transfer", $$"""{{{money}},"to":"b","valueDate":"2026-03-31"}""")).Fields());
        Assert.Contains("is not known to transfer", (await Command("transfer", $$"""{{{money}},"to":"b","valueDate":"2026-03-31"}""")).Text, StringComparison.Ordinal);
        foreach (var command in new[] { "open", "reserve", "capture", "release", "close" })
            Assert.Contains("valueDate", (await Command(command, """{"valueDate":"2026-03-31"}""")).Fields());
        Assert.Equal(["expiresAt", "reference", "to"], (await Command("withdraw", $$"""{{{money}},"to":"b","reference":"r","expiresAt":"2026-03-31"}""")).Fields());
        Assert.Equal(["ammount", "amount"], (await Command("deposit", """{"ammount":"1","currency":"EUR"}""")).Fields());
        Assert.Equal(["half"], (await Command("close", """{"half":"\ud800"}""")).Fields());
        Assert.Equal(["body"], (await Command("close", """{"\ud800":1}""")).Fields());
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_is_not_called_incomplete()
    {
        Assert.Equal(["reservationId"], (await Command("capture", """{"reservationId":"seven"}""")).Fields());
        Assert.Contains("JSON", (await Command("capture", """{"reservationId":"seven"}""")).Text, StringComparison.Ordinal);
        Assert.Equal(["expiresAt"], (await Command("reserve", """{"amount":"1","currency":"EUR","expiresAt":"tomorrow"}""")).Fields());
        foreach (var body in new[] { "[1]", "{", "\"text\"", "7" }) Assert.Equal((body, "body"), (body, string.Join(',', (await Command("withdraw", body)).Fields())));
        Assert.Equal(["amount", "currency"], (await Command("withdraw", "{}")).Fields());
        Assert.Equal(["amount", "currency"], (await Command("withdraw", null)).Fields());
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/accounts/acc-1/commands/withdraw")
        {
            Content = new ByteArrayContent([.. """{"amount":"1"""u8, 0xFF, .. "\",\"currency\":\"EUR\"}"u8]),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        Assert.Equal(["body"], (await Answer.To(App, request, Answer.Caller())).Fields());
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_by_its_own_word_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/accounts/acc-1/commands/withdraw") { Content = new StringContent(Good, Encoding.UTF8, "text/plain") };

        (await Answer.To(App, request, Answer.Caller())).Problem(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Texts_and_keys_have_a_greatest_length()
    {
        Assert.Equal(["purpose"], (await Command("close", $$"""{"purpose":"{{new string('p', 141)}}"}""")).Fields());
        Assert.Equal(["reference"], (await Command("transfer", $$"""{"amount":"1","currency":"EUR","to":"b","reference":"{{new string('r', 141)}}"}""")).Fields());
        Assert.Equal(["to"], (await Command("transfer", $$"""{"amount":"1","currency":"EUR","to":"{{new string('t', 65)}}"}""")).Fields());
        Assert.Equal(["Idempotency-Key"], (await Answer.ToCommand(App, "withdraw", Good, Answer.Caller(new string('k', 129)))).Fields());
        Assert.Equal(["Idempotency-Key"], (await Answer.ToCommand(App, "withdraw", Good, Answer.Caller("\"123456\""))).Fields());
        Assert.Equal(["Idempotency-Key"], (await Answer.ToCommand(App, "withdraw", Good, Answer.Caller("a key with blanks"))).Fields());
        Assert.Equal(["Prefer"], (await Answer.ToGet(App, $"/outcomes/{Guid.NewGuid()}", ("Prefer", "wait=31"))).Fields());
    }

    [Theory]
    [InlineData("GET", "/outcomes/no-guid", HttpStatusCode.NotFound)]
    [InlineData("GET", "/nothing/here", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/outcomes/0b5b4a9c-7ef6-4f4f-9f0d-6c1f1a1d9d11", HttpStatusCode.MethodNotAllowed)]
    public async Task What_does_not_exist_is_answered_with_problem_details(string method, string address, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        (await Answer.To(App, request)).Problem(status);
    }

    private Task<Answer> Command(string command, string? body) => Answer.ToCommand(App, command, body, Answer.Caller());
}
