country KZ
# By SMS in Kazakh: key 5 at the question about the time asks for tomorrow only. Then a text about another time gets the
# way to it, whether or not there is a request.
caller sends: қоңырау шалыңыз
caller gets: Сәлеметсіз бе. Сізге қоңырау шалсақ бола ма?⏎1 Иә 0 Жоқ
caller sends: 1
caller gets: Қашан ыңғайлы?⏎1 Әркез⏎2 Таңертең⏎3 Күндіз⏎4 Кешке⏎5 Ертең⏎0 Жоқ
caller sends: 5
caller gets: Ертең қашан?⏎1 Әркез⏎2 Таңертең⏎3 Күндіз⏎4 Кешке⏎0 Жоқ
caller sends: 4
caller gets: Жақсы. Біз {ours} дейміз, сіз {word}. Өшірген жөн.⏎1 Тағы 0 Бітті
caller sends: 0
caller gets: Рахмет. Жазып алдық.
caller sends: басқа уақыт
caller gets: Басқа уақыт: ТОҚТА, сосын ҚОҢЫРАУ деп жазыңыз. Мәзірде: Өтінішім.
other sends: басқа уақыт
other gets: Басқа уақыт: ТОҚТА, сосын ҚОҢЫРАУ деп жазыңыз. Мәзірде: Өтінішім.
