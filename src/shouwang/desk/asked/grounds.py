"""On what a restriction stands: asked of whoever decides, with what the plan of the place says already."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.plans.schema import Plan


class GroundsForm(forms.Form):
    """Who decided, by which paper and law, and why: nothing of it may be left out."""

    authority = forms.CharField(label=_("决定的机关"), max_length=80)
    document = forms.CharField(label=_("文号"), max_length=60)
    legal_basis = forms.CharField(label=_("法律依据"), max_length=200)
    reason = forms.CharField(label=_("原因（会写在告知书上）"), max_length=200)


def grounds_known(plan: Plan | None, *, on: date) -> dict[str, str]:
    """What the plan already says about who decides, and on which law that is in force."""
    legal = plan.legal if plan else None
    if legal is None:
        return {}
    laws = [f"{one.title}{'、'.join(one.articles)}" for one in legal.laws(on)]
    return {
        "authority": legal.deciding_authority or "", "document": legal.document_number or "",
        "legal_basis": laws[0][:200] if laws else "",
    }  # fmt: skip
