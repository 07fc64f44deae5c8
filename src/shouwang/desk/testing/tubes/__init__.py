"""样本: the hub, boxes and tubes, labels and sheets, swabs from paper."""
