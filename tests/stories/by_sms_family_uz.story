country UZ
# The same in Uzbek. After a word of danger another language changes nothing about the danger.
caller sends: oila
caller gets: Salom. Sizni tashvishlantirgan narsa haqida tel qilaylikmi?⏎1 Ha 2 Shoshilinch 0 Yo'q
caller sends: yo'q
caller gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
other sends: xavf
other gets: Salom. Sizga tel qilsak bo'ladimi?⏎1 Ha 0 Yo'q
other sends: til
other gets: Qaysi tilda?⏎1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English
other sends: 2
other gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
other sends: да
other gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
other sends: 1
other gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 И позже 0 Всё
request is offered
# If nobody can call within the two hours, a later time is needed: an SMS gives no code.
other sends: 1
other gets: Если не за 2 часа, то когда?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
other sends: 6
other gets: Только 0-4:⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
other sends: 2
# Somebody close is in danger: the request is offered at once.
third sends: oila
third gets: Salom. Sizni tashvishlantirgan narsa haqida tel qilaylikmi?⏎1 Ha 2 Shoshilinch 0 Yo'q
third sends: 2
third gets: Qachon qulay?⏎1 Ikki soat ichida 2 Keyin 0 Yo'q
third sends: 2
third gets: Qachon qulay?⏎1 Istalgan vaqt⏎2 Ertalab⏎3 Kunduzi⏎4 Kechqurun⏎5 Ertaga⏎0 Yo'q
# Words of danger after that are about the person they worry about: it stays a call about somebody close (R25).
fourth sends: oila
fourth gets: Salom. Sizni tashvishlantirgan narsa haqida tel qilaylikmi?⏎1 Ha 2 Shoshilinch 0 Yo'q
fourth sends: xavf
fourth gets: Salom. Sizni tashvishlantirgan narsa haqida tel qilaylikmi?⏎1 Ha 0 Yo'q
