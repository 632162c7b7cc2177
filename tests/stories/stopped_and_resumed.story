# She stops all calls; later, with code and word, she chooses another hour, and it goes on.
dial
> 4
> 2
< A helper will call you. One help service at a time gets your number. We keep it 30 days at most.⏎{on} Next 0 No
> {on}
> 1
< Saved. Code {code}: remember it. When we call, we say {ours} and you answer {word}.⏎1 Next 0 End
> 0
kg-country gets: Request: place not said, EN, need not said, age not said, any time. NO/YES {offer}
dial
> 4
> 9
> 3
< OK, nobody will call you. This is a pause. To get calls again: dial, My request, 2. To delete your number: My request, 3.
wait 1 minute
request is paused
dial
> 4
> 9
> 2
> 1
> {code}
> the digit of {word}
< Paused: nobody calls. To go on: My request, Another time.
dial
> 4
> 9
> 2
> 2
> 3
> {code}
> the digit of {word}
< OK. We call only from 12:00 to 17:00.
kg-country gets: {offer} is over for you. You do not need to answer any more.
kg-country gets: Request: place not said, EN, need not said, age not said, afternoon. NO/YES {again}
kg-country sends: YES {again}
kg-country gets: {again} is yours. 24.11 12:00-17:00. First ask 'Good time?' You say {ours}, they say {word}. Talk to others: no. Leave a message: no. SMS: no. Say who we are: no. For the number: NUMBER {again}
request is claimed
dial
> 4
> 9
> 2
> 9
> 2
< Was the call all right?⏎1 Yes, thank you⏎2 Nobody called⏎3 It made things worse⏎0 Back
> 3
> {code}
> the digit of {word}
< Thank you. This helps us do better.
kg-coordinator-1 gets: Нам сказали: звонок навредил. место неясно, нужно: неясно. Выясните.
