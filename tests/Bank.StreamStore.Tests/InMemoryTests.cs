using Bank.StreamStore.Infrastructure;

namespace Bank.StreamStore.Tests;

public sealed class InMemoryFixture : StoreFixture
{
    public override bool IsShared => false;

    public override bool CanDisableDeletionTracking => false;

    public override Task Reset() => Task.CompletedTask;

    public override Task<IStreamStore> Open(GetUtcNow getUtcNow) => Task.FromResult<IStreamStore>(new InMemoryStreamStore(getUtcNow));
}

public sealed class InMemoryAppendTests(InMemoryFixture fixture) : AppendBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemoryReadTests(InMemoryFixture fixture) : ReadBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemorySubscriptionTests(InMemoryFixture fixture) : SubscriptionBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemoryModelTests(InMemoryFixture fixture) : ModelBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemoryDeleteStreamTests(InMemoryFixture fixture) : DeleteStreamBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemoryDeleteMessageTests(InMemoryFixture fixture) : DeleteMessageBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemoryMetadataTests(InMemoryFixture fixture) : MetadataBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemoryLimitsTests(InMemoryFixture fixture) : LimitsBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemoryListStreamsTests(InMemoryFixture fixture) : ListStreamsBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemoryStreamSubscriptionTests(InMemoryFixture fixture) : StreamSubscriptionBehaviour(fixture), IClassFixture<InMemoryFixture>;

public sealed class InMemoryDisposalTests(InMemoryFixture fixture) : DisposalBehaviour(fixture), IClassFixture<InMemoryFixture>;
