using System.Text.Json;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Learning;

/// <summary>Receives from one folder: woken by the file system, with a look from time to time because such wake-ups can be lost.</summary>
internal sealed class FileReceiver(
    ReceiveSettings settings, StorageFolder storage, EventSubscriptions subscriptions, HostSettings host, TransportTransactionMode mode) : IMessageReceiver
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RecoverInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RoundLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFailedRecovery = TimeSpan.FromMilliseconds(500);

    private readonly ILogger logger = host.Logger.CreateLogger<LearningTransport>();
    private readonly FailureCounts failures = new();
    private readonly CancellationTokenSource stopReceiving = new();
    private readonly CancellationTokenSource stopHandling = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private SemaphoreSlim? slots;
    private int concurrency;
    private OnMessage? onMessage;
    private OnError? onError;
    private TakenMessages? taken;
    private FileSystemWatcher? watcher;
    private readonly Lock gate = new();
    private Task? loop;
    private Task? stopped;

    public string Id => settings.Id;

    public string ReceiveAddress { get; } = settings.ReceiveAddress.ToString();

    public ISubscriptionManager? Subscriptions { get; } = new EventSubscriptions.OfQueue(subscriptions, settings.ReceiveAddress.ToString());

    public Task Initialize(PushRuntimeSettings limitations, OnMessage onMessage, OnError onError, CancellationToken cancellationToken = default)
    {
        concurrency = limitations.MaxConcurrency;
        slots = new SemaphoreSlim(concurrency);
        this.onMessage = onMessage;
        this.onError = onError;
        storage.CreateQueue(ReceiveAddress);
        if (settings.PurgeOnStartup)
        {
            foreach (var message in StorageFolder.MessagesIn(storage.QueueFolder(ReceiveAddress))) File.Delete(message);
        }

        return Task.CompletedTask;
    }

    public Task StartReceive(CancellationToken cancellationToken = default)
    {
        taken = new TakenMessages(storage, ReceiveAddress);
        watcher = Watch();
        loop = Task.Run(Receive, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopReceive(CancellationToken cancellationToken = default)
    {
        if (loop is null) return;
        await using var registration = cancellationToken.Register(stopHandling.Cancel);
        // Asked twice, it stops once, and both wait for it.
        Task stop;
        lock (gate) stop = stopped ??= Stop();
        await stop;
    }

    private async Task Stop()
    {
        await stopReceiving.CancelAsync();
        await loop!;
        for (var free = 0; free < concurrency; free++) await slots!.WaitAsync(CancellationToken.None);
        watcher?.Dispose();
        PutAway(taken!);
    }

    private void PutAway(TakenMessages messages)
    {
        try
        {
            messages.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Messages taken from the queue {Queue} could not be given back; the next receiver finds them.", ReceiveAddress);
        }
    }

    private FileSystemWatcher? Watch()
    {
        var watching = new FileSystemWatcher(storage.QueueFolder(ReceiveAddress), "*.json") { NotifyFilter = NotifyFilters.FileName };
        watching.Created += (_, _) => Wake();
        watching.Renamed += (_, _) => Wake();
        try
        {
            watching.EnableRaisingEvents = true;
            return watching;
        }
        catch (IOException exception)
        {
            // The system allows only so many watchers; looking from time to time finds every message too, only later.
            logger.LogWarning(exception, "The folder of the queue {Queue} cannot be watched and is looked at every {Interval} instead.", ReceiveAddress, LookInterval);
            watching.Dispose();
            return null;
        }
    }

    private void Wake()
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // A wake-up is pending already; one is enough.
        }
    }

    private async Task Receive()
    {
        var recovered = DateTimeOffset.MinValue;
        var alarmed = false;
        while (!stopReceiving.IsCancellationRequested)
        {
            try
            {
                var now = host.Clock.GetUtcNow();
                if (now - recovered > RecoverInterval)
                {
                    if (taken!.WasDeleted) BeginAgain();
                    taken.RecoverAbandoned();
                    recovered = now;
                }

                MoveDue(now);
                var any = await TakeAll();
                alarmed = false;
                if (any) continue;
                await wake.WaitAsync(LookInterval, stopReceiving.Token);
            }
            catch (OperationCanceledException) when (stopReceiving.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Once for all the time that it lasts; it goes on trying meanwhile.
                if (alarmed) logger.LogWarning("The folder of the queue {Queue} still cannot be read: {Reason}", ReceiveAddress, exception.Message);
                else host.CriticalError($"The folder of the queue {ReceiveAddress} cannot be read.", exception, CancellationToken.None);
                alarmed = true;
                await Task.Delay(RecoverInterval, host.Clock, stopReceiving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void BeginAgain()
    {
        logger.LogWarning("The folder of the queue {Queue} was deleted, with what was in it, and is made again.", ReceiveAddress);
        storage.CreateQueue(ReceiveAddress);
        var deleted = taken!;
        taken = new TakenMessages(storage, ReceiveAddress);
        PutAway(deleted);
        watcher?.Dispose();
        watcher = Watch();
    }

    private void MoveDue(DateTimeOffset now)
    {
        foreach (var path in StorageFolder.MessagesIn(storage.DelayedFolder(ReceiveAddress)))
        {
            if (StorageFolder.TimeOf(path) > now) return;
            try
            {
                StorageFolder.Rename(path, Path.Combine(storage.QueueFolder(ReceiveAddress), Path.GetFileName(path)));
            }
            catch (FileNotFoundException)
            {
                // Another instance was faster.
            }
        }
    }

    /// <summary>Takes what waits, for a while: behind a long queue, timeouts and messages of dead receivers must not wait for its end.</summary>
    private async Task<bool> TakeAll()
    {
        var any = false;
        var until = host.Clock.GetUtcNow() + RoundLimit;
        foreach (var path in StorageFolder.MessagesIn(storage.QueueFolder(ReceiveAddress)))
        {
            await slots!.WaitAsync(stopReceiving.Token);
            // A slot may come free at the very moment of stopping, and then nothing may be put into it.
            if (stopReceiving.IsCancellationRequested)
            {
                slots.Release();
                return any;
            }

            if (taken!.Take(path) is not { } mine)
            {
                slots.Release();
                continue;
            }

            any = true;
            _ = Task.Run(() => Handle(mine), CancellationToken.None);
            if (host.Clock.GetUtcNow() > until) break;
        }

        return any;
    }

    private async Task Handle(string path)
    {
        try
        {
            if (await Process(path)) File.Delete(path);
            else taken!.GiveBack(path);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The message in {File} could not be handled and goes back to its queue, unless it was committed.", Path.GetFileName(path));
            await Settle(path);
        }
        finally
        {
            slots!.Release();
        }
    }

    private async Task Settle(string path)
    {
        while (true)
        {
            await Pause();
            try
            {
                taken!.SettleOrGiveBack(path);
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && !stopReceiving.IsCancellationRequested)
            {
                logger.LogError(exception, "The message in {File} is done with, but what it sent cannot be delivered yet.", Path.GetFileName(path));
            }
        }
    }

    // What keeps even the error queue from working will not be better at once.
    private Task Pause() => stopReceiving.IsCancellationRequested
        ? Task.CompletedTask
        : Task.Delay(PauseAfterFailedRecovery, host.Clock, stopReceiving.Token).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <returns>Whether the message is done with.</returns>
    private async Task<bool> Process(string path)
    {
        FileMessage message;
        try
        {
            message = FileMessage.Read(await File.ReadAllBytesAsync(path));
        }
        catch (JsonException exception)
        {
            logger.LogError(exception, "The file {File} is no message and goes to {ErrorQueue} as it is.", Path.GetFileName(path), settings.ErrorQueue);
            storage.CreateQueue(settings.ErrorQueue);
            StorageFolder.Rename(path, Path.Combine(storage.QueueFolder(settings.ErrorQueue), Path.GetFileName(path)));
            return true;
        }

        if (message.DiscardAt < host.Clock.GetUtcNow()) return true;
        if (mode == TransportTransactionMode.None) File.Delete(path);
        var bag = new ContextBag();
        var transaction = new TransportTransaction();
        var atomic = mode == TransportTransactionMode.SendsAtomicWithReceive ? new AtomicSends(storage, path) : null;
        if (atomic is not null) transaction.Set(atomic);
        try
        {
            var headers = new Dictionary<string, string>(message.Headers, StringComparer.Ordinal);
            await onMessage!(new MessageContext(message.Id, headers, message.Body, transaction, ReceiveAddress, bag), stopHandling.Token);
            atomic?.Commit();
            failures.Forget(Path.GetFileName(path));
            return true;
        }
        catch (OperationCanceledException) when (stopHandling.IsCancellationRequested)
        {
            atomic?.Rollback();
            return false;
        }
        catch (Exception exception) when (!AtomicSends.IsCommitted(path))
        {
            atomic?.Rollback();
            return await Failed(path, message, exception, transaction, atomic, bag);
        }
    }

    private async Task<bool> Failed(string path, FileMessage message, Exception exception, TransportTransaction transaction, AtomicSends? atomic, ContextBag bag)
    {
        var name = Path.GetFileName(path);
        var count = failures.Add(name);
        var headers = new Dictionary<string, string>(message.Headers, StringComparer.Ordinal);
        var error = new ErrorContext(exception, headers, message.Id, message.Body, transaction, count, ReceiveAddress, bag);
        if (await onError!(error, stopHandling.Token) == ErrorHandleResult.RetryRequired)
        {
            atomic?.Rollback();
            return false;
        }

        atomic?.Commit();
        failures.Forget(name);
        return true;
    }
}
