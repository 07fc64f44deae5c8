"""Self-report (报备): a poster at the door, a page for any phone, and what people said, landing on the list desk."""
