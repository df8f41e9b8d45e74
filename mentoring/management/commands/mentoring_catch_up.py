from django.core.management.base import BaseCommand

from mentoring import queries
from mentoring.actions import cycles


class Command(BaseCommand):
    help = "Let closed observation sessions do the step of the cycle that waits for them."

    def handle(self, *args, **options) -> None:
        ids = list(queries.sessions_without_reaction().values_list("pk", flat=True))
        attached = sum(cycles.attach_session(pk) is not None for pk in ids)
        self.stdout.write(f"{len(ids)} sessions without reaction, {attached} attached.")
