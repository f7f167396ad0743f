"""With which characters do the names of persons begin?  The hundred most frequent and some more."""

from __future__ import annotations

from typing import Final

SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "欧闻温柳颜樊殷施陶洪翟安倪严牛俞章鲁葛毕聂岳齐关庄耿祝左焦"
)
"""Surnames of one character."""
