"""The application of one worker process; opened after the fork."""

from consult.config import Config
from consult.services import Services
from consult.web import create_app

application = create_app(Services.open(Config.from_environment(), has_background=True))
