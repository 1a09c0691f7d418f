"""The application behind the front door, as a web process of `consult serve` has it."""

from consult.serving.front_door import FrontDoor
from consult.web.wsgi import application as pages

application = FrontDoor(pages, bytes_max=21_000_000)
