using Bank.Contracts.Accounts;

namespace Bank.Transfers.Transfers;

/// <summary>Which step follows which. Pure, so that every order and repetition of messages can be tested without a bus.</summary>
public static class TransferProcess
{
    /// <summary>What to do next.</summary>
    /// <param name="State">Where the transfer stands now.</param>
    /// <param name="Step">What to ask for or announce.</param>
    /// <param name="Refusal">Why it fails; null otherwise.</param>
    public sealed record Next(TransferState State, TransferStep Step, Refusal? Refusal = null);

    public static Next Start(Refusal? refusal) =>
        refusal is null ? new Next(TransferState.Reserving, TransferStep.Reserve) : new Next(TransferState.Failed, TransferStep.AnnounceFailure, refusal);

    public static Next On(TransferState state, Refusal? failing, TransferNews news, Refusal? refusal = null) => (state, news) switch
    {
        (TransferState.Reserving, TransferNews.Reserved) => new Next(TransferState.Crediting, TransferStep.Credit),
        (TransferState.Reserving, TransferNews.ReservationDeclined) => new Next(TransferState.Failed, TransferStep.AnnounceFailure, refusal),
        (TransferState.Reserving, TransferNews.TimeOut) => new Next(TransferState.Releasing, TransferStep.Release, new Refusal(DeclineReason.TooLate)),

        (TransferState.Crediting, TransferNews.Credited) => new Next(TransferState.Capturing, TransferStep.Capture),
        (TransferState.Crediting, TransferNews.CreditRejected) => new Next(TransferState.Releasing, TransferStep.Release, refusal),
        // Past its time limit the same request is either known as done or refused; nothing has to be guessed.
        (TransferState.Crediting, TransferNews.TimeOut) => new Next(TransferState.Crediting, TransferStep.Credit),

        (TransferState.Capturing, TransferNews.Captured) => new Next(TransferState.Completed, TransferStep.AnnounceCompletion),
        (TransferState.Capturing, TransferNews.TimeOut) => new Next(TransferState.Capturing, TransferStep.Capture),

        (TransferState.Releasing, TransferNews.Released) => new Next(TransferState.Failed, TransferStep.AnnounceFailure, failing),
        // The request for the hold was refused: there is none to end, nor will there be one.
        (TransferState.Releasing, TransferNews.ReservationDeclined) => new Next(TransferState.Failed, TransferStep.AnnounceFailure, failing),
        (TransferState.Releasing, TransferNews.TimeOut) => new Next(TransferState.Releasing, TransferStep.Release, failing),

        _ => new Next(state, TransferStep.None, failing),
    };

    public static bool HasEnded(TransferState state) => state is TransferState.Completed or TransferState.Failed;
}

/// <summary>What a transfer hears.</summary>
public enum TransferNews
{
    Reserved,
    ReservationDeclined,
    Credited,
    CreditRejected,
    Captured,
    Released,
    TimeOut,
}

/// <summary>What a transfer asks for or announces.</summary>
public enum TransferStep
{
    None,
    Reserve,
    Credit,
    Capture,
    Release,
    AnnounceCompletion,
    AnnounceFailure,
}
