from django.core.management.base import BaseCommand

from lrs.actions import refusals, retention


class Command(BaseCommand):
    help = "Finish erasures, and make nameless whose days are over by the rule; run it every night."

    def handle(self, *args, **options) -> None:
        done = retention.apply()
        refusals.forget()
        people, changed = sum(one.people for one in done), sum(one.statements for one in done)
        self.stdout.write(f"{people} people made nameless in {changed} statements.")
