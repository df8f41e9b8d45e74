"""Parent visits: who came, what each parent's guide says, and the findings that follow."""

import numpy as np

from config.demo import scales, writing
from config.demo.places import Places
from config.demo.quality import Quality
from observation.enums import ScaleKind, VersionStatus
from observation.models import InstrumentVersion
from visits.enums import Answer
from visits.models import Finding, GuideAnswer, GuideItem, GuideResponse, Visit
