"""What do our pages say?  Every visible text, in both languages; `{}` marks what is filled in."""

from __future__ import annotations

from typing import Final

from indexer.language import Sentence

TEXTS: Final[dict[str, Sentence]] = {
    # The site
    "site": Sentence("简报搜索", "Jianbao"),
    "skip": Sentence("跳到正文", "Skip to content"),
    "help": Sentence("怎样搜索", "How to search"),
    "language": Sentence("语言", "Language"),
    "colon": Sentence("：", ": "),
    "comma": Sentence("、", ", "),
    "footer": Sentence(
        "凡是简报里看得见的字，都找得到。", "Whatever can be read in a bulletin can be found."
    ),
    # The search form
    "search": Sentence("搜索", "Search"),
    "search_bulletins": Sentence("搜索简报", "Search the bulletins"),
    "placeholder": Sentence("字、词、句子，或“第二十七期”", "Words, a sentence, or 第二十七期"),
    "press_slash": Sentence("按 / 键到搜索框", "Press / for the search box"),
    "mode": Sentence("怎样匹配", "How to match"),
    "mode_exact": Sentence("一字不差，连在一起", "Every character, unbroken"),
    "mode_all": Sentence("所有词语都有", "All of the words"),
    "mode_any": Sentence("有一个词语就行", "At least one of the words"),
    "dates": Sentence("日期", "Dates"),
    "from": Sentence("从", "From"),
    "to": Sentence("到", "To"),
    "date_format": Sentence("年、年月或年月日，如 2020-03", "A year, month or day, like 2020-03"),
    "date_from": Sentence("从 {date} 起", "from {date}"),
    "date_to": Sentence("到 {date} 止", "until {date}"),
    # Results
    "results": Sentence("结果", "Results"),
    "results_for": Sentence("“{text}”的搜索结果", "Results for “{text}”"),
    "found": Sentence("找到 {total} 篇", "{total} found"),
    "browsing": Sentence("共 {total} 篇", "{total} bulletins"),
    "took": Sentence("用时 {ms} 毫秒", "{ms} ms"),
    "sort": Sentence("排序", "Sort by"),
    "paragraph": Sentence("第 {number} 段", "paragraph {number}"),
    "unbroken": Sentence("原句", "as typed"),
    "unbroken_why": Sentence("所搜的字句原样出现", "The whole query stands there as typed"),
    "notices": Sentence("搜索说明", "About this search"),
    "none_found": Sentence("没有找到相符的简报", "No bulletin matches"),
    "none_tips": Sentence(
        "可以换个说法、减少词语，或去掉一些筛选。",
        "Try another wording, fewer words, or remove some filters.",
    ),
    "suggestions": Sentence("不妨试试", "You could try"),
    "past_end": Sentence("没有这么多页。", "There are not that many pages."),
    "first_page": Sentence("回到第一页", "Back to the first page"),
    "previous": Sentence("上一页", "Previous"),
    "next": Sentence("下一页", "Next"),
    "page_of": Sentence("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "pages": Sentence("翻页", "Pages"),
    "index_changed": Sentence(
        "索引刚刚更新过，这一页与上一页可能不相接。",
        "The index has just been updated; this page may not follow on from the last one.",
    ),
    # Narrowing
    "filters": Sentence("筛选", "Narrow down"),
    "active_filters": Sentence("已选", "Chosen"),
    "clear_all": Sentence("全部清除", "Clear all"),
    "remove": Sentence("去掉", "Remove"),
    "copies": Sentence("同一期的其他文件：", "Other files of the same issue:"),
    "chosen": Sentence("已选，再点取消", "chosen; select again to remove"),
    "more_values": Sentence("另外 {count} 项", "{count} more"),
    # The reading room
    "back": Sentence("回到搜索结果", "Back to the results"),
    "contents": Sentence("目录", "Contents"),
    "hits": Sentence("命中", "Matches"),
    "hits_count": Sentence("共 {count} 处", "{count} matches"),
    "hit_position": Sentence("第 {{n}}/{{m}} 处", "Match {{n}} of {{m}}"),
    "hit_previous": Sentence("上一处", "Previous"),
    "hit_next": Sentence("下一处", "Next"),
    "hits_none": Sentence("本篇正文没有命中", "No match in this text"),
    "paragraph_link": Sentence("第 {number} 段的链接", "Link to paragraph {number}"),
    "table": Sentence("表格", "Table"),
    "cite": Sentence("复制引文", "Copy citation"),
    "copied": Sentence("已复制", "Copied"),
    "not_copied": Sentence("没能复制", "Could not copy"),
    "about_bulletin": Sentence("本篇信息", "About this bulletin"),
    "about_file": Sentence("文件信息", "About the file"),
    "series": Sentence("系列", "Series"),
    "issue": Sentence("期号", "Issue"),
    "date": Sentence("日期", "Date"),
    "publisher": Sentence("编发单位", "Publisher"),
    "document_number": Sentence("文号", "Document number"),
    "organizations": Sentence("提到的单位", "Organizations"),
    "mentions": Sentence("提到 {count} 次", "{count} mentions"),
    "also": Sentence("又作{names}", "also {names}"),
    "file": Sentence("文件", "File"),
    "format": Sentence("格式", "Format"),
    "encoding": Sentence("编码", "Encoding"),
    "set_aside": Sentence("未收入正文的页眉页脚", "Page furniture that was set aside"),
    "notes": Sentence("整理说明", "Notes on this text"),
    "distribution": Sentence("分送", "Distribution"),
    # The frame in another page
    "open_all": Sentence("查看全部 {total} 篇", "See all {total}"),
    "embedded": Sentence("简报搜索结果", "Bulletin search results"),
    "opens_new": Sentence("在新标签页打开", "opens in a new tab"),
    # Errors
    "error": Sentence("出了点问题", "Something is wrong"),
    "to_search": Sentence("回到搜索页", "Back to the search page"),
}
