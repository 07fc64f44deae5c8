"""Characters of names that a tired eye or a reading machine takes for one another.

Source: our own list, from how the characters are built: one body with different radicals, one stroke more or less.
Simplified characters only.
"""

import re
from itertools import permutations

GROUPS = """
未末朱 己已巳 戊戌戍成 日曰目 天夭夫 千干于 王玉主 田由甲申电 刀力 季李 人入 土士 午牛 今令 大太犬 白自 万方
杨扬汤 陈阵 刘浏 宋采 郑邓 谢射 韩朝 冯马 曹曾 沈沉 吕品 卢户 蒋将 蔡察 贾贯 魏巍 薛薜 阎闫 余佘 潘番 戴载
任仁 姜美 廖寥 邹皱 熊态 陆陋 郝赫 孔孑 崔催 毛手 邱丘 秦奏春 史吏 顾颀 侯候 邵召 孟盂 段叚 龚袭 钱线
尹伊 易昜 常带 贺架 赖懒 乔桥 罗岁 梁粱 董重 萧箫潇 傅博搏 彭膨 姚桃 谭潭 石右 徐除 胡湖 何河 孙逊 张弛 吴昊
袁哀 许讦 黄寅 周同 赵起 林材 森杰 肖尚 武式 苏办 高亮
晴清请情倩靖睛精 玲铃岭伶龄怜 伟炜玮苇纬 琪淇棋祺琦骐 洋样祥详 峰锋烽蜂 莉俐梨 婷停亭 娟捐涓 敏敝 海梅每悔
静净 洁结浩皓 芳坊房 芬纷份 红虹江工 秀透诱 霞瑕暇 艳绝 萍苹坪评 珍诊 健键建 军车 国囯园圆 朋明 勇男 鹏鸟鸣
辉晖挥 斌赋 波坡披 宁宇字 纲钢岗刚 永水冰 彬杉 文丈 龙尤 俊骏峻竣浚 梓辛锌 容蓉榕 嘉喜 佳住往 佑祐 恩思
德徳 生牲 福幅 贵责 康唐 振震 富宫 翠翆 桂挂 花化 若苦 怡恰 欣欧 雪雷 晨辰 曦羲 培陪 豪毫 胜性 宏宠 裕浴
广厂 光尧 良艮 全金 丹舟 云去 可司 世也 间问闻 言信 连莲 进井 君吾 哲折 恒桓 柏伯 柳卯 栋冻 根很 格洛 桐铜
楠南 樱缨 泽译 洪拱 津律 润闰 淑叔 渊洲 源原 澜阑 烨桦 华毕 然燃 昱煜 熙照 瑞端 瑶谣遥 璐路 瑾谨 畅场 盛咸 睦陵
程呈 穆稳 维唯 绮倚 群郡 翔羊 耀跃 航般 艺乙 芸芝 茹如 荣宗 莹萤 菲非 萱宣 蔚尉 薇微 蕾累 裴斐 诗侍 谦廉歉
达迖 迪油 逸兔 邦帮 郁都 朗郎 均钧 铭名各 锐悦 锦绵 雁应 雅稚 韵昀匀 颖颍 飘票 馨声 骁晓 鸿鸠 黎犁 英央 兰三
丽两 宝室 志忘 岚凤 凯剀 超越 强绳 磊垒 涛铸 秋和 夏复 旭旮 阳阴 帅师 丰半 安妄 琳淋 霖霜 妍研 娜那 嫣焉
媛缓援 婉碗 姗册 娇骄 妹味 娅亚 鑫淼 炳柄 焕换 灿汕 炎淡 煊喧 珂坷 珊删 珺裙 玥钥 璇旋 琴岑 芹斤 蓓倍 蕊芯
"""


def alike_signs() -> list[tuple[str, str]]:
    """Every two signs of a group, both ways round."""
    return sorted({pair for group in re.findall(r"\S+", GROUPS) for pair in permutations(group, 2)})
