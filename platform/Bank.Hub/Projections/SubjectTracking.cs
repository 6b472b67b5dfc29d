using System.Data.Common;

namespace Bank.Hub.Projections;

/// <summary>Remembers which versions of each subject's events were written, so that gaps are seen.</summary>
internal static class SubjectTracking
{
    public static async Task Write(DbTransaction transaction, IProjectionDialect dialect, Dictionary<Generation, ProjectionPart> parts)
    {
        var came = new Dictionary<SubjectKey, List<long>>();
        foreach (var (generation, part) in parts)
        {
            foreach (var (subject, version) in part.Subjects)
            {
                var key = new SubjectKey(generation.Projection, generation.Number, subject);
                if (!came.TryGetValue(key, out var versions)) came[key] = versions = [];
                versions.Add(version);
            }
        }

        if (came.Count == 0) return;
        SubjectKey[] keys = [.. came.Keys.OrderBy(key => key.Projection, StringComparer.Ordinal).ThenBy(key => key.Generation).ThenBy(key => key.Subject, StringComparer.Ordinal)];
        var known = await dialect.ReadSubjects(transaction, keys, CancellationToken.None);
        var (added, changed) = (new List<SubjectRow>(), new List<SubjectRow>());
        foreach (var key in keys)
        {
            var seen = Ranges.Parse(known.GetValueOrDefault(key, ""));
            foreach (var version in came[key]) seen.Add(version, version);
            var text = seen.ToString();
            if (!known.TryGetValue(key, out var before)) added.Add(new SubjectRow(key, text, seen.Missing));
            else if (before != text) changed.Add(new SubjectRow(key, text, seen.Missing));
        }

        await dialect.WriteSubjects(transaction, added, changed, CancellationToken.None);
    }
}
