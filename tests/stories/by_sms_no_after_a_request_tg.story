country TJ
# The same in Tajik: a caller who writes again and answers no reads that nothing changes, and how to end it.
caller sends: занг занед
caller gets: Салом. Мешавад ба шумо занг занем?⏎1 Ҳа 0 Не
caller sends: 1
caller gets: Кай қулай?⏎1 Ҳар вақт⏎2 Субҳ⏎3 Рӯз⏎4 Бегоҳ⏎5 Фардо⏎0 Не
caller sends: 1
caller gets: Хуб. Мо {ours} мегӯем, шумо {word}. SMS-ро пок кунед.⏎1 Боз 0 Тамом
caller sends: 0
caller gets: Раҳмат. Навиштем.
caller sends: занг занед
caller gets: Салом. Мешавад ба шумо занг занем?⏎1 Ҳа 0 Не
caller sends: 0
caller gets: Хуб, ҳама мисли пеш. Занг лозим бошад ЗАНГ, набошад БАС нависед.
request is offered
# The same words for a telephone without a request (R27).
other sends: занг занед
other gets: Салом. Мешавад ба шумо занг занем?⏎1 Ҳа 0 Не
other sends: 0
other gets: Хуб, ҳама мисли пеш. Занг лозим бошад ЗАНГ, набошад БАС нависед.
request is offered
# STOP is what ends it, without a reply (R18).
caller sends: бас
caller gets nothing
request is paused
