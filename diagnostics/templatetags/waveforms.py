"""The outline of a piece, drawn on the server from the peaks that were kept: SVG by attributes and classes only."""

from __future__ import annotations

from django import template

register = template.Library()

HEIGHT, LOUDEST = 40, 255


@register.inclusion_tag("diagnostics/_waveform.html")
def waveform(peaks: bytes, silent_percent: float, label: str) -> dict[str, object]:
    """Draw one bar a peak, mirrored at the middle, over the silence at its end; `label` is the same in words."""
    middle, width = HEIGHT / 2, len(peaks)
    halves = [max(0.5, peak / LOUDEST * (middle - 1)) for peak in peaks]
    bars = "".join(f"M{x}.5 {middle - half:.1f}V{middle + half:.1f}" for x, half in enumerate(halves))
    silent = round(width * silent_percent / 100, 2)
    return {
        "bars": bars,
        "width": width,
        "height": HEIGHT,
        "silent_x": f"{width - silent:.2f}",
        "silent_width": f"{silent:.2f}" if silent else "",
        "label": label,
    }
