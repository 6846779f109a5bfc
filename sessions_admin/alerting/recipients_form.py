"""What people fill in about who is told of an alert."""

from __future__ import annotations

from django import forms

from sessions_admin.forms import WhyForm
from sessions_admin.models import Channel


class RecipientsForm(WhyForm):
    """The channels that are to be told, and why. `seen` stands for the channels as the form was made of them."""

    channels = forms.ModelMultipleChoiceField(Channel.objects.all(), required=False)
    seen = forms.CharField(required=False, max_length=64)

    @property
    def ticked(self) -> set[int]:
        """The numbers of the channels that are ticked, as far as they can be read."""
        chosen = self.cleaned_data.get("channels") if self.is_bound and hasattr(self, "cleaned_data") else None
        return {channel.pk for channel in chosen or ()}
