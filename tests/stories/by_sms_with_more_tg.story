country TJ
# The same in Tajik, begun by the digits that stand for CALL. They are in no language, so the first one of the country
# answers. The digits that stand for STOP end it all without a reply.
caller sends: 2255
caller gets: Салом. Мешавад ба шумо занг занем?⏎1 Ҳа 0 Не
caller sends: 1
caller gets: Кай қулай?⏎1 Ҳар вақт⏎2 Субҳ⏎3 Рӯз⏎4 Бегоҳ⏎5 Фардо⏎0 Не
caller sends: 3
caller gets: Хуб. Мо {ours} мегӯем, шумо {word}. SMS-ро пок кунед.⏎1 Боз 0 Тамом
caller sends: 1
caller gets: Дар куҷоед?⏎1 Душанбе⏎2 Суғд⏎3 Хатлон⏎4 Ҳисор, Рашт⏎9 Боз⏎0 Нагӯям
caller sends: 0
caller gets: Дар бораи чӣ?⏎1 Кор⏎2 Ҳуҷҷат⏎3 Саломатӣ⏎4 Ҷой⏎5 Суҳбат⏎0 Нагӯям
caller sends: 1
caller gets: Раҳмат. Навиштем.
request is offered
caller sends: 7867
caller gets nothing
request is paused
