country UZ
# The same from Uzbekistan, in Latin letters, with no at the end: it costs nothing.
abroad sends: yordam
abroad gets: Salom. Sizga tel qilsak bo'ladimi?⏎1 Ha 0 Yo'q
abroad sends: ha
abroad gets: Sizda hozir soat necha? 1 dan 24 gacha yozing. Busiz tel qila olmaymiz.
abroad sends: 23
abroad gets: Qachon qulay?⏎1 Istalgan vaqt⏎2 Ertalab⏎3 Kunduzi⏎4 Kechqurun⏎5 Ertaga⏎0 Yo'q
abroad sends: yo'q
abroad gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
