#!/usr/bin/env python3
"""Makes accounts.csv and payroll.pain001.xml: the same files at every run."""
import pathlib
import random
from decimal import Decimal

here = pathlib.Path(__file__).parent
rnd = random.Random(20260101)

rows = ["AccountId,Currency,Overdraft,OpeningBalance,Close"]
rows.append("acme-eur,EUR,0.00,600000.00,false")
rows.append("globex-usd,USD,1000.00,150000.00,false")
rows.append("initech-jpy,JPY,0,9000000,false")
rows.append("umbrella-kwd,KWD,0.000,25000.500,false")
for number in range(1, 261):
    rows.append(f"employee-{number:03d},EUR,{rnd.choice(['0.00', '0.00', '250.00', '500.00'])},{rnd.randrange(0, 250000) / 100:.2f},false")
for number in range(1, 31):
    rows.append(f"staff-{number:03d},USD,0.00,{rnd.randrange(0, 100000) / 100:.2f},false")
for number in range(1, 11):
    rows.append(f"shain-{number:03d},JPY,0,{rnd.randrange(1, 200000)},false")
for number in range(1, 6):
    rows.append(f"muwazaf-{number:03d},KWD,0.000,{rnd.randrange(1, 500000) / 1000:.3f},false")
for number in range(1, 4):
    rows.append(f"leaver-{number:03d},EUR,0.00,0,true")
(here / "accounts.csv").write_text("\n".join(rows) + "\n")


def batch(name, payer, currency, payments, decimals):
    total = sum((amount for _, amount in payments), Decimal(0))
    lines = [
        "    <PmtInf>",
        f"      <PmtInfId>{name}</PmtInfId>",
        "      <PmtMtd>TRF</PmtMtd>",
        f"      <NbOfTxs>{len(payments)}</NbOfTxs>",
        f"      <CtrlSum>{total:.{decimals}f}</CtrlSum>",
        "      <ReqdExctnDt><Dt>2026-01-30</Dt></ReqdExctnDt>",
        f"      <Dbtr><Nm>{payer}</Nm></Dbtr>",
        f"      <DbtrAcct><Id><Othr><Id>{payer}</Id></Othr></Id></DbtrAcct>",
        "      <DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>",
    ]
    for number, (payee, amount) in enumerate(payments, 1):
        lines += [
            "      <CdtTrfTxInf>",
            f"        <PmtId><InstrId>{name}-{number:03d}</InstrId><EndToEndId>SAL-2026-01-{name}-{number:03d}</EndToEndId></PmtId>",
            f'        <Amt><InstdAmt Ccy="{currency}">{amount:.{decimals}f}</InstdAmt></Amt>',
            f"        <Cdtr><Nm>{payee}</Nm></Cdtr>",
            f"        <CdtrAcct><Id><Othr><Id>{payee}</Id></Othr></Id></CdtrAcct>",
            "      </CdtTrfTxInf>",
        ]
    return lines + ["    </PmtInf>"], len(payments), total


euros = [(f"employee-{number:03d}", Decimal(rnd.randrange(150000, 280000)) / 100) for number in range(1, 211)]
euros.insert(40, ("leaver-001", Decimal("1800.00")))
euros.insert(90, ("leaver-002", Decimal("1750.50")))
euros.insert(120, ("employee-999", Decimal("2000.00")))
euros.insert(160, ("employee-998", Decimal("2100.00")))
euros.append(("employee-211", Decimal("900000.00")))
dollars = [(f"staff-{number:03d}", Decimal(rnd.randrange(200000, 400000)) / 100) for number in range(1, 26)]
yen = [(f"shain-{number:03d}", Decimal(rnd.randrange(200000, 400000))) for number in range(1, 8)]
dinars = [(f"muwazaf-{number:03d}", Decimal(rnd.randrange(500000, 900000)) / 1000) for number in range(1, 4)]

parts, count, total = [], 0, Decimal(0)
for arguments in (("EUR-JAN", "acme-eur", "EUR", euros, 2), ("USD-JAN", "globex-usd", "USD", dollars, 2),
                  ("JPY-JAN", "initech-jpy", "JPY", yen, 0), ("KWD-JAN", "umbrella-kwd", "KWD", dinars, 3)):
    lines, number, amount = batch(*arguments)
    parts += lines
    count += number
    total += amount
document = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">',
    "  <CstmrCdtTrfInitn>",
    "    <GrpHdr>",
    "      <MsgId>PAYROLL-2026-01</MsgId>",
    "      <CreDtTm>2026-01-28T08:00:00</CreDtTm>",
    f"      <NbOfTxs>{count}</NbOfTxs>",
    f"      <CtrlSum>{total:.3f}</CtrlSum>",
    "      <InitgPty><Id><OrgId><Othr><Id>ACME-GROUP</Id></Othr></OrgId></Id></InitgPty>",
    "    </GrpHdr>",
    *parts,
    "  </CstmrCdtTrfInitn>",
    "</Document>",
]
(here / "payroll.pain001.xml").write_text("\n".join(document) + "\n")
print(len(rows) - 1, "accounts,", count, "payments")
