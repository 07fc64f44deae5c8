from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0005_photos"),
    ]

    operations = [
        migrations.AlterField(
            model_name="device",
            name="role",
            field=models.CharField(
                choices=[
                    ("commander", "指挥长"),
                    ("secretary", "社区书记"),
                    ("clerk", "信息员"),
                    ("grid_lead", "网格长"),
                    ("building_lead", "楼长"),
                    ("property_company", "物业"),
                    ("medic", "医护"),
                    ("police", "社区民警"),
                    ("gate_guard", "卡口值守"),
                    ("sampler", "采样员"),
                    ("courier", "转运员"),
                    ("hub", "中转员"),
                    ("laboratory", "检测机构"),
                    ("volunteer", "志愿者"),
                    ("investigator", "流调员"),
                    ("storekeeper", "仓管员"),
                    ("inspector", "督导员"),
                    ("screen", "投屏"),
                    ("auditor", "审计员"),
                ],
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="enrolment",
            name="role",
            field=models.CharField(
                choices=[
                    ("commander", "指挥长"),
                    ("secretary", "社区书记"),
                    ("clerk", "信息员"),
                    ("grid_lead", "网格长"),
                    ("building_lead", "楼长"),
                    ("property_company", "物业"),
                    ("medic", "医护"),
                    ("police", "社区民警"),
                    ("gate_guard", "卡口值守"),
                    ("sampler", "采样员"),
                    ("courier", "转运员"),
                    ("hub", "中转员"),
                    ("laboratory", "检测机构"),
                    ("volunteer", "志愿者"),
                    ("investigator", "流调员"),
                    ("storekeeper", "仓管员"),
                    ("inspector", "督导员"),
                    ("screen", "投屏"),
                    ("auditor", "审计员"),
                ],
                max_length=32,
            ),
        ),
    ]
