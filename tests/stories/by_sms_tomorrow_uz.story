country UZ
# The same in Uzbek, with a No at the question about tomorrow: nothing is saved.
caller sends: tel qiling
caller gets: Salom. Sizga tel qilsak bo'ladimi?⏎1 Ha 0 Yo'q
caller sends: ha
caller gets: Qachon qulay?⏎1 Istalgan vaqt⏎2 Ertalab⏎3 Kunduzi⏎4 Kechqurun⏎5 Ertaga⏎0 Yo'q
caller sends: 5
caller gets: Ertaga qachon?⏎1 Istalgan vaqt⏎2 Ertalab⏎3 Kunduzi⏎4 Kechqurun⏎0 Yo'q
caller sends: 0
caller gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
caller sends: boshqa vaqt
caller gets: Boshqa vaqt uchun: STOP, keyin TEL QILING deb yozing. Yoki menyuda: Iltimosim.
other sends: tel qiling
other gets: Salom. Sizga tel qilsak bo'ladimi?⏎1 Ha 0 Yo'q
other sends: ha
other gets: Qachon qulay?⏎1 Istalgan vaqt⏎2 Ertalab⏎3 Kunduzi⏎4 Kechqurun⏎5 Ertaga⏎0 Yo'q
other sends: 5
other gets: Ertaga qachon?⏎1 Istalgan vaqt⏎2 Ertalab⏎3 Kunduzi⏎4 Kechqurun⏎0 Yo'q
other sends: 1
other gets: Xo'p. Biz {ours} deymiz, siz {word} deysiz. Buni o'chirsangiz yaxshi.⏎1 Yana 0 Tamom
other sends: 0
other gets: Rahmat. Yozib oldik.
request is offered
