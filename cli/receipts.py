"""The receipt of an erasure on the owner's screen."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console

from crm_store.proving import Certificate, Proof

MOST_SHOWN = 20


def print_certificate(certificate: Certificate, console: Console) -> None:
    """What was erased, and what a search for it found. Names no word of the customer's."""
    receipt = certificate.receipt
    when = f"{certificate.at:%Y-%m-%d %H:%M:%S} UTC"
    if receipt is None:
        console.print(f"Erased on {when}, receipt {certificate.number}.")
    else:
        console.print(f"{receipt.customer} is erased. Receipt {certificate.number}, {when}.")
        console.print(f"Rows: {_counted(receipt.counts) or 'none'}.", markup=False)
    for name, lines in certificate.files.items():
        done = f"{lines} line(s) blanked" if lines else "removed"
        console.print(f"File {name}: {done}.", markup=False)
    if certificate.proof is not None:
        _print_proof(certificate.proof, console)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())


def _print_proof(proof: Proof, console: Console) -> None:
    search, haul = proof.search, proof.haul
    console.print(
        f"Searched {search.tables} tables ({search.rows:,} rows) and {search.files} files"
        f" ({search.bytes:,} bytes) for {len(haul.needles)} ids, names and pieces of what was said."
    )
    console.print(
        f"Not searched for, because they prove nothing: {haul.common} words of the shop's own,"
        f" {haul.shared} that other customers said too, {haul.too_short} too short."
    )
    if not proof.left:
        console.print("Nothing is left.")
        return
    console.print(f"[bold]Left: {len(proof.left)}[/bold]")
    for each in proof.left[:MOST_SHOWN]:
        console.print(f"  {each.place} ({each.kind})", markup=False)
