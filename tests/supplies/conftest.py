from tests.desk.conftest import browser_of, newcomer, settings_of, street

__all__ = ["browser_of", "newcomer", "settings_of", "street"]
