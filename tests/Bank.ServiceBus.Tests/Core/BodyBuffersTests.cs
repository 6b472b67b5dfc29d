using System.Buffers;
using System.Text;
using Bank.ServiceBus.Pipeline;

namespace Bank.ServiceBus.Tests.Core;

public sealed class BodyBuffersTests
{
    [Fact]
    public void A_body_stays_as_it_was_written_whatever_is_written_afterwards()
    {
        var buffers = new BodyBuffers();
        string[] texts = ["first", "", "a longer second", new string('x', 1_000_000), "last"];
        var bodies = texts.Select(text => buffers.Write(text, Write)).ToList();
        Assert.Equal(texts, bodies.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public async Task Those_who_write_at_the_same_time_do_not_meet()
    {
        var buffers = new BodyBuffers();
        await Parallel.ForAsync(0, 2000, (number, _) =>
        {
            var text = $"{number}:{new string('y', number)}";
            Assert.Equal(text, Encoding.UTF8.GetString(buffers.Write(text, Write)));
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void What_could_not_be_written_leaves_nothing_behind()
    {
        var buffers = new BodyBuffers();
        Assert.Throws<InvalidOperationException>(() => buffers.Write("half", (text, output) =>
        {
            Write(text, output);
            throw new InvalidOperationException();
        }));
        Assert.Equal("whole", Encoding.UTF8.GetString(buffers.Write("whole", Write)));
    }

    private static void Write(string text, IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(text, output);
}
