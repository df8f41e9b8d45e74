from django.core.management.base import BaseCommand

from fieldwork import queries
from fieldwork.actions import deliveries
from fieldwork.enums import DeliveryState
from fieldwork.models import Delivery


class Command(BaseCommand):
    help = "Try again the records from phones over which the house itself broke."

    def handle(self, *args, **options) -> None:
        waiting = list(queries.failed(Delivery.objects.all()).defer("body"))
        tried = [deliveries.try_again(delivery=delivery, by=None) for delivery in waiting]
        accepted = sum(one.state == DeliveryState.ACCEPTED for one in tried)
        self.stdout.write(f"{len(tried)} records tried again, {accepted} taken in.")
