"""Chinese: what can be read by its figures, the weekdays and the nearest days."""

from coedu_bot.language.dates.lexicon import Lexicon

_DAYS = ("一", "二", "三", "四", "五", "六", "[日天]")

WORDS = Lexicon(
    joined=True,
    weekdays=tuple(f"(?:星期|周|礼拜){day}" for day in _DAYS),
    months=tuple(f"{month} ?月" for month in range(1, 13)),
    numbers={},
    days_ahead={"后天": 2, "今天": 0, "明天": 1},
    past=("前天", "昨天"),
    parts={"上午|早上": "morning", "下午": "afternoon", "晚上": "evening"},
    today_parts={"今晚": "evening"},
    noon="中午",
    hour_words="点|h",
    units={
        "分钟": "minutes",
        "小时": "hours",
        "天": "days",
        "周|星期": "weeks",
        "个月": "months",
        "年": "years",
    },
    later=("{amount}后",),
    to="到|至",
    every="每",
    daily="每天",
    before_the_change="调时前",
    after_the_change="调时后",
)
