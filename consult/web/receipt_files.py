"""The two files of a receipt, and the page that checks them in the browser."""

from flask import Blueprint

receipt_files = Blueprint("receipt_files", __name__)
