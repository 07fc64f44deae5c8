"""What was found out about a case exists only inside a scope; who of those in it may look is said by each case."""

from django.db import migrations

from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [("screening", "0009_cases"), ("access", "0002_protect")]
    operations = [
        *protect("screening_case", "screening_caseaccess", "screening_statement"),
        *protect("screening_contact", "screening_letter"),
    ]
