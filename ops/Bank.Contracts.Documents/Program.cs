using Bank.Contracts.Documents;

const string Usage = "generate FOLDER: writes asyncapi.json and schemas/ there. check FOLDER: tells what differs, and writes nothing.";

if (args is not [("generate" or "check") and var mode, var folder])
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var documents = ContractDocuments.Generate(ContractMessages.All);
if (mode == "generate")
{
    foreach (var change in documents.Write(folder)) Console.WriteLine(change);
    return 0;
}

var differences = documents.DifferencesFrom(folder);
foreach (var difference in differences) Console.Error.WriteLine(difference);
return differences.Count == 0 ? 0 : 1;
